"""The measurement of retention."""

from tests.bench.measuring import measured


def test_it_removes_and_sends() -> None:
    # When
    status, output, section = measured("bench.retention", "--messages", 500, "--fast", "--round-seconds", 0.05)

    # Then
    assert status == 0, output
    assert section["title"] == "Removing 500 messages"
    assert len([figure for figure in section["figures"] if "removed" in figure["what"]]) == 2
