"""A plan is a pure function of its seed, and keeps its own rules."""

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.faults.faults import FAULTS
from tests.faults.plan import FULL_SIZE, make_plan

SEEDS = st.integers(0, 10**6)
SIZES = st.sampled_from([5_000, FULL_SIZE])


@given(seed=SEEDS, size=SIZES)
def test_the_same_seed_gives_the_same_plan(seed: int, size: int) -> None:
    # Given a seed, when it is planned twice, then nothing differs.
    assert make_plan(seed, size) == make_plan(seed, size)


@given(seed=SEEDS)
def test_another_seed_gives_another_plan(seed: int) -> None:
    assert make_plan(seed) != make_plan(seed + 1)


@given(seed=SEEDS, size=SIZES)
def test_every_fault_is_over_before_the_chaos_is(seed: int, size: int) -> None:
    # When
    plan = make_plan(seed, size)

    # Then
    assert [planned for planned in plan.faults if not 0 < planned.at <= planned.ends_at <= plan.chaos_seconds] == []


@given(seed=SEEDS, size=SIZES)
def test_a_target_has_one_fault_at_a_time(seed: int, size: int) -> None:
    # When
    of_target = defaultdict(list)
    for planned in make_plan(seed, size).faults:
        of_target[planned.target].append(planned)

    # Then
    for faults in of_target.values():
        assert [(a, b) for a, b in pairwise(faults) if b.at <= a.ends_at] == []


def test_forty_seeds_play_every_fault() -> None:
    # When
    played = {planned.fault for seed in range(1, 41) for planned in make_plan(seed).faults}

    # Then
    assert played == set(FAULTS)


def test_some_seeds_have_no_excuse_for_a_broken_lease() -> None:
    # When
    gentle = [
        seed for seed in range(1, 41) if not any(planned.fault.breaks_leases for planned in make_plan(seed).faults)
    ]

    # Then
    assert len(gentle) >= 3


@pytest.mark.parametrize("idempotent", [True, False])
def test_both_kinds_of_provider_are_played(idempotent: bool) -> None:
    assert any(make_plan(seed).idempotent is idempotent for seed in range(1, 41))
