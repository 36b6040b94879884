"""Every link of every document leads somewhere."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.docs.documents import ROOT, anchors, documents, links


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_place_that_it_leads_to_is_there(document: Path) -> None:
    text = document.read_text()
    for link in links(text):
        parts = urlsplit(link)
        if parts.scheme:
            assert parts.scheme in ("http", "https"), link
            continue
        place = document.parent / parts.path if parts.path else document
        assert place.exists(), link
        assert place.resolve().is_relative_to(ROOT), link
        assert not parts.fragment or parts.fragment in anchors(place.read_text()), link


def test_every_document_can_be_found_from_the_way_in() -> None:
    # Given
    found: set[Path] = set()
    waiting = [ROOT / "README.md"]

    # When one follows every link
    while waiting:
        document = waiting.pop()
        if document in found:
            continue
        found.add(document)
        places = ((document.parent / urlsplit(link).path).resolve() for link in links(document.read_text()))
        waiting += [place for place in places if place.suffix == ".md" and place.is_relative_to(ROOT)]

    # Then
    assert set(documents()) - found == set()
