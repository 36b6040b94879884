"""Many lines that differ in their ids alone, made as one: a start writes one for each of a million messages."""

import json
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any, NamedTuple

import orjson
from structlog.typing import WrappedLogger

from mailing.logging import repeated
from mailing.logging.line import IDS

FIELD = "each"

Render = Callable[[WrappedLogger, str, MutableMapping[str, Any]], str | bytes]


class Each(NamedTuple):
    """The field `each` of an event: it is told once for every row, with the row's ids as these fields.

    `log.info("message.created", each=Each(("client_id", "message_id"), rows))`, where `rows[i]` has an id for each
    name, in that order. Give a few thousand rows at a time: they become one piece of output.
    """

    names: tuple[str, ...]
    rows: Sequence[tuple[int, ...]]


def as_json(_logger: WrappedLogger, _level: str, line: MutableMapping[str, Any]) -> bytes:
    """The line as a JSON object; what JSON has no word for is told as Python shows it."""
    try:
        return orjson.dumps(line, default=repr, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:  # Half a character, as JSON that somebody sends may have it, or a number of more than 64 bits.
        return json.dumps(line, default=repr, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


class Rendering:
    """A structlog processor, the last one: the line, or the lines, without the last line end."""

    def __init__(self, render: Render) -> None:
        self._render = render

    def __call__(self, logger: WrappedLogger, level: str, line: MutableMapping[str, Any]) -> bytes:
        each: Each | None = line.pop(FIELD, None)
        template: repeated.Template | None = line.pop(repeated.FIELD, None)
        if each is None:
            text = _as_bytes(self._render(logger, level, line))
            if template is not None and self._render is as_json:
                template.learn(text, logger.info)
            return text
        for name in each.names:
            line[name] = _place(name)
        pattern = _as_bytes(self._render(logger, level, line)).replace(b"%", b"%%")
        for name in each.names:
            pattern = pattern.replace(_place(name).encode(), f"{IDS[name]}_%d".encode())
        return b"\n".join([pattern % row for row in each.rows])


def _as_bytes(text: str | bytes) -> bytes:
    return text.encode(errors="replace") if isinstance(text, str) else text


def _place(name: str) -> str:
    """Where an id is to stand. No value of ours looks like it."""
    return f"@each:{name}@"
