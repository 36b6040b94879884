"""The stored status and what it means."""

from itertools import product

import pytest

from mailing.messages.status import CLOSED_AS, StoredRows, effective_counts, effective_status, stored_as
from mailing.models.message import MessageStatus

S = MessageStatus
CLOSINGS = (None, *CLOSED_AS)


@pytest.mark.parametrize(
    ("stored", "uncertain", "closed_as", "expected"),
    [
        (S.PENDING, False, None, S.PENDING),
        (S.PENDING, True, None, S.PENDING),
        (S.PENDING, False, S.EXPIRED, S.EXPIRED),
        (S.PENDING, True, S.EXPIRED, S.UNCONFIRMED),
        (S.PENDING, False, S.CANCELLED, S.CANCELLED),
        (S.PENDING, True, S.CANCELLED, S.UNCONFIRMED),
    ],
)
def test_a_pending_row_means_what_its_mailing_was_closed_as(
    stored: S, uncertain: bool, closed_as: S | None, expected: S
) -> None:
    assert effective_status(stored, uncertain=uncertain, closed_as=closed_as) is expected


@pytest.mark.parametrize("stored", [status for status in S if status is not S.PENDING])
@pytest.mark.parametrize("uncertain", [False, True])
@pytest.mark.parametrize("closed_as", CLOSINGS)
def test_every_other_row_means_what_it_says(stored: S, uncertain: bool, closed_as: S | None) -> None:
    assert effective_status(stored, uncertain=uncertain, closed_as=closed_as) is stored


@pytest.mark.parametrize("closed_as", CLOSINGS)
def test_a_row_is_stored_as_exactly_the_status_it_stands_at(closed_as: S | None) -> None:
    for stored, uncertain in product(S, (False, True)):
        # When asking of every status which rows stand at it
        found = [status for status in S for rows in stored_as(status, closed_as) if _holds(rows, stored, uncertain)]
        # Then the row is found once, under its effective status
        assert found == [effective_status(stored, uncertain=uncertain, closed_as=closed_as)]


@pytest.mark.parametrize("closed_as", CLOSINGS)
def test_counts_translate_as_rows_do(closed_as: S | None) -> None:
    # Given so many rows of each kind
    rows = {(stored, uncertain): 10 * n + uncertain for n, stored in enumerate(S) for uncertain in (False, True)}
    stored_counts = {status: rows[status, False] + rows[status, True] for status in S}
    # When they are translated row by row and as counts
    expected = dict.fromkeys(S, 0)
    for (stored, uncertain), count in rows.items():
        expected[effective_status(stored, uncertain=uncertain, closed_as=closed_as)] += count
    counts = effective_counts(stored_counts, uncertain=rows[S.PENDING, True], closed_as=closed_as)
    # Then both say the same, in the order of the enum
    assert counts == expected
    assert list(counts) == list(S)


def _holds(rows: StoredRows, stored: S, uncertain: bool) -> bool:
    return rows.status is stored and rows.uncertain in (None, uncertain)
