"""Who asked for what is being done now: from the request through the queue to every line and row that it leaves.

An edge says it with `arising_from`; a job takes it along. What the service does by itself, a sweep above all, has none.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Final, Self
from uuid import uuid4

import orjson
from structlog.contextvars import bound_contextvars

AT_THE_COMMAND_LINE: Final = "command line"
"""The user of what is done there: whoever may run commands on the machine."""
EVERYONE: Final = "everyone"
"""The user where nobody has to sign in: says as much as nobody."""


@dataclass(frozen=True, slots=True)
class Origin:
    """An operation that somebody asked for."""

    operation_id: str
    """One for each GraphQL operation, and for each run of a command."""
    user: str | None = None
    """The subject of who asked, as the issuer tells it from all others; None where nobody can be told apart."""
    traceparent: str | None = None
    """The operation's span, by W3C Trace Context; None where nothing is traced."""

    @classmethod
    def new(cls, user: str | None) -> Self:
        """Of an operation that begins now."""
        return cls(uuid4().hex[:16], user)

    @classmethod
    def of(cls, data: object) -> Self | None:
        """The reverse of `as_data`; None for anything else, as another version may have sent it."""
        match data:
            case {"operation_id": str(id), "user": (str() | None) as user, "traceparent": str(traceparent)}:
                return cls(id, user, traceparent)
            case {"operation_id": str(id), "user": (str() | None) as user}:
                return cls(id, user)
            case _:
                return None

    @classmethod
    def of_json(cls, text: str | None) -> Self | None:
        """`of`, for a column of JSON as the driver gives it."""
        return cls.of(orjson.loads(text)) if text else None

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
    token = _current.set(origin)
    try:
        with bound_contextvars(**_on_lines(origin)):
            yield
    finally:
        _current.reset(token)


@contextmanager
def arising_at_least_from(origin: Origin | None) -> Iterator[None]:
    """`arising_from`, unless what runs now arises from something already."""
    with arising_from(current() or origin):
        yield


def _on_lines(origin: Origin | None) -> Mapping[str, str]:
    if origin is None:
        return {}
    trace_id = origin.traceparent.partition("-")[2].partition("-")[0] if origin.traceparent else None
    named = {"operation_id": origin.operation_id, "user": origin.user, "trace_id": trace_id}
    return {name: value for name, value in named.items() if value}
