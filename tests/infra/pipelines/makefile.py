"""What the Makefile offers to pipelines."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]

_TARGET = re.compile(r"^([a-z-]+):.*## ", re.MULTILINE)
_CALL = re.compile(r"make (?P<target>[a-z-]+)(?P<variables>( [A-Z]+=(\"[^\"]*\"|\$\(\([^)]*\)\)|[^\s;|&]+))*)")

TARGETS = frozenset(_TARGET.findall((ROOT / "Makefile").read_text()))


def called_target(line: str) -> str | None:
    """The target of a line that is one call of make, with variables at most; None for any other line."""
    call = _CALL.fullmatch(line)
    return call["target"] if call else None
