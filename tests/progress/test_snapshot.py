"""A mailing's state at one moment."""

from datetime import timedelta

import pytest

from mailing.models.mailing import MailingStatus
from mailing.progress.snapshot import MailingProgress
from tests.progress.conftest import BEGIN, state

M = MailingStatus


def test_the_total_is_the_sum_of_the_seven_counts() -> None:
    counts = {"pending": 1, "sending": 2, "sent": 4, "failed": 8, "expired": 16, "unconfirmed": 32, "cancelled": 64}
    assert state(**counts).total == 127


@pytest.mark.parametrize("estimated_finish_at", [None, BEGIN + timedelta(seconds=1.25)])
def test_what_is_encoded_is_decoded_whole(estimated_finish_at: object) -> None:
    one = state(1.123456, messages_per_second=12.5, estimated_finish_at=estimated_finish_at, selection_over=False)
    assert MailingProgress.decode(one.encode()) == one


@pytest.mark.parametrize(
    "wrong", [b"", b"{", b"1", b"[]", b"{}", b'{"status": 1}', state().encode()[:-1] + b',"more":1}']
)
def test_what_is_not_a_state_is_refused(wrong: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        MailingProgress.decode(wrong)


@pytest.mark.parametrize(
    ("status", "sending", "selection_over", "final"),
    [
        (M.FINISHED, 0, True, True),
        (M.CANCELLED, 0, True, True),
        (M.FINISHED, 1, True, False),
        (M.CANCELLED, 1, True, False),
        (M.CANCELLED, 0, False, False),
        (M.SCHEDULED, 0, True, False),
        (M.RUNNING, 0, True, False),
        (M.PAUSED, 0, True, False),
    ],
)
def test_a_state_is_final_once_nothing_can_change(status: M, sending: int, selection_over: bool, final: bool) -> None:
    assert state(status=status, sending=sending, selection_over=selection_over).is_final is final
