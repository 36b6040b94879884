from collections import Counter

import pytest

from mailing.provider.fake.chance import Chance, Fault
from mailing.provider.fake.scenario import Scenario

MIXED = Scenario(seed=5, error_share=0.2, hang_share=0.1, close_after_share=0.1, latency_ms=(10, 30))


def test_the_same_seed_gives_the_same_faults_in_whatever_order_the_messages_come() -> None:
    forwards, backwards = Chance(MIXED), Chance(MIXED)

    first = {(n, t): forwards.draw(n) for t in range(3) for n in range(500)}
    second = {(n, t): backwards.draw(n) for t in range(3) for n in reversed(range(500))}

    assert first == second


def test_another_seed_gives_other_faults() -> None:
    chance, other = Chance(MIXED), Chance(Scenario(seed=6, error_share=0.2))

    assert [chance.draw(n)[0] for n in range(100)] != [other.draw(n)[0] for n in range(100)]


def test_each_try_of_a_message_has_its_own_chance() -> None:
    chance = Chance(Scenario(error_share=0.5))

    assert {chance.draw(1)[0] for _ in range(50)} == {None, Fault.ERROR}


def test_faults_come_in_their_shares() -> None:
    chance = Chance(MIXED)

    drawn = Counter(chance.draw(n)[0] for n in range(20_000))

    # Five standard deviations of a binomial distribution are below 0.015 here.
    shares = {fault: count / 20_000 for fault, count in drawn.items()}
    assert shares == {
        None: pytest.approx(0.6, abs=0.02),
        Fault.ERROR: pytest.approx(0.2, abs=0.02),
        Fault.HANG: pytest.approx(0.1, abs=0.02),
        Fault.CLOSE_AFTER: pytest.approx(0.1, abs=0.02),
    }


@pytest.mark.parametrize("fault", Fault)
def test_a_whole_share_befalls_every_request(fault: Fault) -> None:
    chance = Chance(Scenario(**{f"{fault}_share": 1}))  # type: ignore[arg-type]

    assert {chance.draw(n)[0] for n in range(-500, 500)} == {fault}


def test_latency_is_spread_over_its_range() -> None:
    chance = Chance(MIXED)

    latencies = sorted(chance.draw(n)[1] for n in range(1_000))

    assert 0.010 <= latencies[0] < 0.0105
    assert latencies[500] == pytest.approx(0.020, abs=0.002)
    assert 0.0295 < latencies[-1] <= 0.030


def test_a_fixed_latency_is_fixed() -> None:
    assert Chance(Scenario(latency_ms=25)).draw(1) == (None, 0.025)
