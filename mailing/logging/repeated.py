"""Lines that come for every message: made the ordinary way once in each task, and then only filled in.

The ordinary way takes 11 µs, of which a line that differs from the one before in four numbers needs 3.
"""

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final

import orjson

from mailing.logging.concealment import PHONE_NAMES, Concealment
from mailing.logging.moments import Clock

FIELD: Final = "repeated"


class Repeated:
    """An event whose lines differ in a few numbers.

    In one task what is bound to the lines (`bound_contextvars`) must stay the same between two of them: a task that
    binds something else in between tells the old.
    """

    def __init__(self, log: Any, event: str, *varying: str, **fields: object) -> None:
        """`varying`: the fields that are numbers of each line's own. `fields`: those that are always the same."""
        self._log = log
        self._event = event
        self._varying = varying
        self._fields = fields
        self._known: ContextVar[Template | None] = ContextVar(event, default=None)

    def tell(self, mailing_id: int, *numbers: int) -> None:
        """Log it at INFO; `numbers[i]` is that of `varying[i]`."""
        template = self._known.get()
        if template is not None and template.mailing_id == mailing_id:
            template.write(numbers)
            return
        if not self._log.is_enabled_for(logging.INFO):
            return
        template = Template(mailing_id, self._varying)
        values = dict(zip(self._varying, numbers, strict=True))
        self._log.info(self._event, mailing_id=mailing_id, **values, **self._fields, **{FIELD: template})
        if template.is_known:
            self._known.set(template)


class Template:
    """A line with gaps. It goes with the first line on its way through the processors, which teach it what it is."""

    def __init__(self, mailing_id: int, varying: tuple[str, ...]) -> None:
        self.mailing_id = mailing_id
        self._varying = varying
        self._phone_at = next((i for i, name in enumerate(varying) if name in PHONE_NAMES), None)
        self._clock = Clock()
        self._conceal = Concealment()
        self._text = b""
        self._out: Callable[[bytes], object] | None = None

    @property
    def is_known(self) -> bool:
        """Whether it can write lines: where logging is not configured, as in most tests, nobody teaches it."""
        return self._out is not None

    def write(self, numbers: tuple[int, ...]) -> None:
        """Write the line of now."""
        assert self._out is not None, "it is known"
        values: tuple[object, ...] = numbers
        if (at := self._phone_at) is not None:
            values = (*numbers[:at], orjson.dumps(self._conceal.of_phone(numbers[at])), *numbers[at + 1 :])
        self._out(self._text % (self._clock.now().encode(), *values))

    def learn_concealment(self, concealment: Concealment) -> None:
        """What applies to phones."""
        self._conceal = concealment

    def learn(self, line: bytes, out: Callable[[bytes], object]) -> None:
        """Take a line of JSON for the pattern of those that `out` writes; not one that does not look like a line."""
        text, found = re.subn(rb'^{"timestamp":"[^"]+"', b'{"timestamp":"%s"', line.replace(b"%", b"%%"))
        for name in self._varying:
            field = f'"{name}":'.encode()
            if name in PHONE_NAMES:
                text, times = re.subn(field + rb'"?[^",]+"?', field + b"%s", text, count=1)
            else:
                text, times = re.subn(field + rb'("[a-z]+_)?\d+("?)', field + rb"\1%d\2", text, count=1)
            found += times
        if found == 1 + len(self._varying):
            self._text, self._out = text, out
