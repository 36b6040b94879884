"""Pictures that are drawn with characters are straight."""

import re
from pathlib import Path

import pytest

from tests.docs.documents import ROOT, blocks, documents

_DOWN, _UP = "│┌┐├┤┬┼", "│└┘├┤┴┼"
"""What has a line downwards, and what has one upwards."""


def _drawn() -> list[tuple[Path, str]]:
    return [(path, block) for path in documents() for block in blocks(path.read_text()) if "┌" in block]


@pytest.mark.parametrize(("document", "picture"), _drawn(), ids=[str(path.relative_to(ROOT)) for path, _ in _drawn()])
def test_the_corners_of_a_box_stand_above_one_another(document: Path, picture: str) -> None:
    lines = picture.splitlines()
    width = max(map(len, lines))
    for above, below in zip(
        (line.ljust(width) for line in lines), (line.ljust(width) for line in lines[1:]), strict=False
    ):
        assert [mark.start() for mark in re.finditer("[┌┐]", above) if below[mark.start()] not in _UP] == [], above
        assert [mark.start() for mark in re.finditer("[└┘]", below) if above[mark.start()] not in _DOWN] == [], below
