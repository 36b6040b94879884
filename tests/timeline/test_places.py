"""Places of entries: an order without ties, that cursors carry exactly."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from mailing.timeline.entries import FIRST_PLACE, LAST_PLACE, Place, Source

AT = datetime(2030, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    "place",
    [Place(AT, Source.EVENT, 1), Place(AT, Source.TRY, 2**63 - 1, 2001), Place(datetime(1970, 1, 1, tzinfo=UTC), 4, 0)],
)
def test_a_place_is_read_as_it_was_written(place: Place) -> None:
    assert Place.read(str(place)) == place


def test_a_place_is_written_to_the_microsecond() -> None:
    assert str(Place(AT, Source.TRY, 7, 3)) == "1898596800123456.2.7.3"


@pytest.mark.parametrize(
    "text",
    ["", "7", "1.2.3", "1.2.3.4.5", "a.0.1.0", "-1.0.1.0", "999999999999999999.0.1.0", "1.0.9999999999999999999.0"],
)
def test_what_no_place_is_written_as_is_none(text: str) -> None:
    assert Place.read(text) is None


def test_entries_of_one_microsecond_come_by_source_then_id_then_number() -> None:
    places = [
        Place(AT, Source.EVENT, 1),
        Place(AT, Source.EVENT, 2),
        Place(AT, Source.CREATION, 1),
        Place(AT, Source.TRY, 1, 2),
        Place(AT, Source.TRY, 1, 3),
        Place(AT, Source.CLOSING, 1),
        Place(AT, Source.ENDING, 1),
    ]

    assert all(earlier < later for earlier, later in pairwise(places))
    assert FIRST_PLACE < places[0] < places[-1] < LAST_PLACE
