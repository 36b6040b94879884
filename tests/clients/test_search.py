"""What a person may type to find a client, and what is made of it."""

import pytest

from mailing.clients.search import ClientSearch

EVERY = range(7_000_000_0000, 8_000_000_0000)


def _from(beginning: str) -> range:
    return range(int(beginning.ljust(11, "0")), int(beginning.ljust(11, "9")) + 1)


@pytest.mark.parametrize(
    ("text", "ranges", "last_digits"),
    [
        # A whole phone, as people write it.
        ("79161234567", (_from("79161234567"),), ""),
        ("+7 916 123-45-67", (_from("79161234567"),), ""),
        ("8 (916) 123-45-67", (_from("79161234567"),), ""),
        ("8.916.123.45.67", (_from("79161234567"),), ""),
        ("+7\u00a0916\u00a0123\u201145\u201167", (_from("79161234567"),), ""),
        # Without the country's code: the end of a phone, too.
        ("9161234567", (_from("79161234567"),), "9161234567"),
        ("916", (_from("7916"),), ""),
        ("9", (_from("79"),), ""),
        ("4567", (_from("74567"),), "4567"),
        ("(495) 12", (_from("749512"),), "49512"),
        # With it, or with the 8 that is dialled within the country; or these are digits of the number itself.
        ("+7", (EVERY,), ""),
        ("+79", (_from("79"),), ""),
        ("8916", (_from("7916"), _from("78916")), "8916"),
        ("7", (EVERY, _from("77")), ""),
        # No phone is like this.
        ("791612345678", (), ""),
        ("916x", (), ""),
        ("+", (), ""),
        ("916+7", (), ""),
        ("vip", (), ""),
        ("٩١٦", (), ""),
    ],
)
def test_digits_are_the_beginning_or_the_end_of_a_phone(text: str, ranges: tuple[range, ...], last_digits: str) -> None:
    search = ClientSearch.of(text)

    assert search is not None
    assert (search.phone_ranges, search.last_digits) == (ranges, last_digits)


def test_nothing_typed_looks_for_nothing() -> None:
    assert ClientSearch.of("") is None
