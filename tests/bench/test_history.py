"""The measurement of timelines."""

from tests.bench.measuring import measured


def test_it_makes_a_history_and_asks_about_it() -> None:
    # When
    _, _, section = measured("bench.history", "--clients", 100, "--mailings", 2, "--questions", 3)

    # Then
    assert section["title"] == "What happened, among 200 messages"
    assert len(section["figures"]) == 5 * 2 + 4
