import pytest

from mailing.supervisor.backoff import Backoff


@pytest.mark.parametrize(
    ("ran_for", "waits"),
    [
        ([0, 0, 0, 0, 0, 0, 0], [0.5, 1, 2, 4, 8, 10, 10]),
        ([29.9, 29.9], [0.5, 1]),
        ([0, 0, 30, 0], [0.5, 1, 0.5, 1]),
    ],
)
def test_the_wait_doubles_up_to_a_bound_and_begins_anew_after_a_healthy_run(
    ran_for: list[float], waits: list[float]
) -> None:
    backoff = Backoff()
    assert [backoff.seconds_after(seconds) for seconds in ran_for] == waits
