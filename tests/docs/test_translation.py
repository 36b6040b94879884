"""The Russian README says what the English one says: the same commands, figures and places."""

import re

from tests.docs.documents import ROOT, blocks, links

ENGLISH, RUSSIAN = (ROOT / "README.md").read_text(), (ROOT / "README.ru.md").read_text()


def test_both_have_the_same_sections_and_lead_to_the_same_places() -> None:
    for marks in (r"^#+ ", r"^\* ", r"^\| "):
        assert len(re.findall(marks, ENGLISH, re.MULTILINE)) == len(re.findall(marks, RUSSIAN, re.MULTILINE)), marks
    assert [link for link in links(ENGLISH) if link != "README.ru.md"] == [
        link for link in links(RUSSIAN) if link != "README.md"
    ]


def test_both_have_the_same_commands() -> None:
    def commands(text: str) -> list[str]:
        return [re.sub(r"\s*#.*", "", block) for block in blocks(text) if "─" not in block]

    assert commands(ENGLISH) == commands(RUSSIAN)


def test_both_have_the_same_figures() -> None:
    english, russian = _measured(ENGLISH), _measured(RUSSIAN)
    assert _figures(english, r"(?<=\d),(?=\d{3}\b)", r"\.") == _figures(russian, "(?<=\\d)\u00a0(?=\\d{3}\\b)", ",")


def _measured(text: str) -> str:
    """The lines of the table of figures."""
    return "\n".join(line for line in text.splitlines() if line.startswith("|") and re.search(r"\d", line))


def _figures(text: str, thousands: str, point: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", re.sub(rf"(?<=\d){point}(?=\d)", ".", re.sub(thousands, "", text)))
