"""Who asked for what is being done now: from the request through the queue to every line and row that it leaves.

An edge says it with `arising_from`; a job takes it along. What the service does by itself, a sweep above all, has none.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Self

from structlog.contextvars import bound_contextvars


@dataclass(frozen=True, slots=True)
class Origin:
    """An operation that somebody asked for."""

    operation_id: str
    """One for each GraphQL operation, and for each run of a command."""
    user: str | None = None
    """The subject of who asked, as the issuer tells it from all others; None where nobody can be told apart."""

    @classmethod
    def of(cls, data: object) -> Self | None:
        """The reverse of `as_data`; None for anything else, as another version may have sent it."""
        match data:
            case {"operation_id": str(operation_id), "user": (str() | None) as user}:
                return cls(operation_id, user)
            case _:
                return None

    def as_data(self) -> Mapping[str, str | None]:
        """As plain data, for a job."""
        return asdict(self)


_current: ContextVar[Origin | None] = ContextVar("origin", default=None)


def current() -> Origin | None:
    """Whence what runs now arises; None: the service does it by itself."""
    return _current.get()


@contextmanager
def arising_from(origin: Origin | None) -> Iterator[None]:
    """For the length of the block, and of what is begun in it: every line that is logged names it."""
    known = {name: value for name, value in (origin.as_data() if origin else {}).items() if value is not None}
    token = _current.set(origin)
    try:
        with bound_contextvars(**known):
            yield
    finally:
        _current.reset(token)
