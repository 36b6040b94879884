from time import time

from hypothesis import given
from hypothesis import strategies as st

from mailing.provider.fake.ledger import MOST_REPEATED_IDS, Entry, Ledger


def test_entries_come_in_the_order_of_arrival_and_page_by_page() -> None:
    ledger, before = Ledger(), time()
    for message_id, text in ((7, "a"), (3, "b"), (5, "a")):
        ledger.record(message_id, 70000000000 + message_id, text, drop_repeats=True)

    entries = ledger.entries()

    assert entries == [
        Entry(7, 70000000007, "a", entries[0].arrived_at),
        Entry(3, 70000000003, "b", entries[1].arrived_at),
        Entry(5, 70000000005, "a", entries[2].arrived_at),
    ]
    assert before <= entries[0].arrived_at <= entries[1].arrived_at <= entries[2].arrived_at <= time()
    assert ledger.entries(after=1, limit=1) == entries[1:2]
    assert ledger.entries(after=3) == []


def test_a_dropped_repeat_is_counted_and_not_accepted() -> None:
    ledger = Ledger()
    for message_id in (1, 2, 1, 1):
        ledger.record(message_id, 7, "", drop_repeats=True)

    assert (ledger.accepted, ledger.unique, ledger.repeated, ledger.dropped) == (2, 2, 2, 2)
    assert ledger.totals()["repeated_ids"] == [1]


def test_a_repeat_that_is_not_dropped_is_accepted_again() -> None:
    ledger = Ledger()
    for message_id in (1, 2, 1, 1):
        ledger.record(message_id, 7, "", drop_repeats=False)

    assert (ledger.accepted, ledger.unique, ledger.repeated, ledger.dropped) == (4, 2, 2, 0)
    assert [entry.id for entry in ledger.entries()] == [1, 2, 1, 1]


def test_the_totals_name_only_so_many_repeated_ids() -> None:
    ledger = Ledger()
    for message_id in (*range(500), *range(500)):
        ledger.record(message_id, 7, "", drop_repeats=True)

    assert ledger.totals()["repeated_ids"] == list(range(MOST_REPEATED_IDS))


@given(st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1) | st.integers(1, 5), st.booleans())))
def test_accepted_is_always_unique_plus_repeated_less_dropped(requests: list[tuple[int, bool]]) -> None:
    ledger = Ledger()
    for message_id, drop_repeats in requests:
        ledger.record(message_id, 7, "text", drop_repeats=drop_repeats)

    assert ledger.accepted == ledger.unique + ledger.repeated - ledger.dropped
    assert ledger.unique == len({message_id for message_id, _ in requests})
    assert ledger.accepted + ledger.dropped == len(requests)
