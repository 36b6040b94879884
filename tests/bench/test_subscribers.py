"""The measurement of live subscribers."""

import pytest

from tests.bench.measuring import measured


@pytest.mark.timeout(180)
def test_it_follows_one_mailing_with_every_socket() -> None:
    # When
    status, output, section = measured(
        "bench.subscribers", "--subscribers", 20, "--messages", 500, "--workers", 1, seconds=150
    )

    # Then
    assert status == 0, output
    assert section["problems"] == []
    told = section["measured"]
    assert (told["subscribers"], told["redis_subscriptions"], len(told["states_each"])) == (20, 1, 20)
    assert min(told["states_each"]) >= 2
