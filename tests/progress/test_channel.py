"""What travels between processes."""

import pytest

from mailing.progress.channel import decode
from tests.progress.conftest import state


def test_states_and_the_ids_of_mailings_that_are_gone_are_understood() -> None:
    assert decode(state(1).encode()) == state(1)
    assert decode(b"7") == 7


@pytest.mark.parametrize("sent", [b"", b"true", b"null", b'"7"', b"[7]", b'{"new": 1}', b"\xff"])
def test_what_another_version_may_send_is_left_alone(sent: bytes) -> None:
    assert decode(sent) is None
