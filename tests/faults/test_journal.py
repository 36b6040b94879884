"""The witness's journal."""

from io import StringIO

from tests.faults.journal import JournalWriter, Request, parse_journal


def test_a_journal_reads_back_as_it_was_written() -> None:
    # Given three requests, answered in another order and one not at all
    file = StringIO()
    journal = JournalWriter(file)
    for message_id, taken in ((7, True), (8, False), (9, True)):
        journal.arrived(message_id, taken=taken)
    journal.answered(1, 500)
    journal.answered(0, 200)

    # When
    requests = parse_journal(file.getvalue().splitlines())

    # Then
    assert [(r.id, r.taken, r.status) for r in requests] == [(7, True, 200), (8, False, 500), (9, True, None)]
    assert [r.answered_at is None for r in requests] == [False, False, True]


def test_a_journal_without_lines_has_no_requests() -> None:
    empty: list[Request] = []
    assert parse_journal([]) == empty
