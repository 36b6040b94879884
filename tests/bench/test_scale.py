"""The measurement of large tables."""

from tests.bench.measuring import measured


def test_it_measures_in_an_empty_and_in_a_full_database() -> None:
    # When
    _, said, section = measured("bench.scale", "--clients", 3000, "--mailings", 2, "--fresh", 600, "--questions", 3)

    # Then
    rows = {size["table"]: size["rows"] for size in section["measured"]["tables"]}
    assert rows["message"] == 2 * 3000 + 600
    assert "Among 6,000 messages" in said
