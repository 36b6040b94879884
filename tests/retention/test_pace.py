"""How long is rested after a step."""

import pytest

from mailing.retention.pace import rest_after


@pytest.mark.parametrize(
    ("seconds", "is_sending", "rest"),
    [(1.0, False, 1.0), (1.0, True, 4.0), (0.001, False, 0.05), (0.0, True, 0.05)],
)
def test_a_rest_is_longer_beside_sending(seconds: float, is_sending: bool, rest: float) -> None:
    assert rest_after(seconds, is_sending=is_sending) == rest
