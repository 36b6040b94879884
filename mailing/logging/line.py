"""What stands on every line, and how its values are written: the last processor before a line is rendered."""

from collections.abc import Mapping, MutableMapping
from datetime import datetime
from enum import Enum
from typing import Any, Final

from structlog.processors import format_exc_info
from structlog.typing import WrappedLogger

from mailing.ids import Noun, written
from mailing.logging.concealment import Concealment
from mailing.logging.moments import Clock
from mailing.logging.repeated import Template
from mailing.moments import written_moment

IDS: Final[Mapping[str, Noun]] = {
    "mailing_id": "mailing",
    "client_id": "client",
    "message_id": "message",
    "token_id": "token",
}
_IDS_OF_MANY: Final[Mapping[str, Noun]] = {"mailing_ids": "mailing", "client_ids": "client", "message_ids": "message"}

_ERRORS: Final = frozenset({"error", "critical"})
_OURS: Final = frozenset(
    {
        *("each", "logger", "job", "operation_id", "trace_id", "user"),
        *("attempt", "outcome", "duration_ms", "http_status", "provider_code", "status"),
    }
)
"""Fields that hold what we chose or what the issuer tells: nothing is to be concealed in them, and they are on most
lines."""


class Line:
    """A structlog processor: event in, the fields of its line out, in the order in which they are read best.

    It does by itself what structlog has several processors for: two lines for each message pay for every one of them.

    The moment comes first, so that lines of many processes can be sorted as they are; what was earlier than its line
    brings its own `timestamp`. Ids are written as everywhere outside, `mailing_7`, so that one search finds them all.
    Fields without a value are left out.
    """

    def __init__(self, concealment: Concealment, **identity: str) -> None:
        """`identity`: who writes the line."""
        self._conceal = concealment
        self._identity = identity
        self._clock = Clock()

    def __call__(self, logger: WrappedLogger, level: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if "exc_info" in event:
            event = format_exc_info(logger, level, event)
        if logger is not None:
            event["logger"] = logger.name
        name, at = event.pop("event"), event.pop("timestamp", None)
        line: dict[str, Any] = {
            "timestamp": written_moment(at) if isinstance(at, datetime) else self._clock.now(),
            "level": level,
            "event": name if logger is not None else self._prose(level, str(name)),
            **self._identity,
        }
        for field, value in event.items():
            if value is None:
                continue
            if field in _OURS:
                line[field] = value
            elif (noun := IDS.get(field)) is not None and type(value) is int:
                line[field] = written(noun, value)
            else:
                line[field] = self._written(field, value)
        return line

    def _prose(self, level: str, text: str) -> str:
        """What a library says: in an error there may be what it was given."""
        return self._conceal.of_exception(text) if level in _ERRORS else self._conceal.of_prose(text)

    def _written(self, field: str, value: Any) -> Any:
        if isinstance(value, datetime):
            return written_moment(value)
        if isinstance(value, Enum):
            return value
        if isinstance(value, Template):
            value.learn_concealment(self._conceal)
            return value
        if (noun := _IDS_OF_MANY.get(field)) is not None:
            return [written(noun, number) if type(number) is int else number for number in value]
        if field == "exception":
            return self._conceal.of_exception(str(value))
        return self._conceal.of(field, value)
