import asyncio
from collections.abc import Sequence

import pytest

from mailing.health.examine import examine
from mailing.health.finding import Finding, Level, fine, problem, warning, worst

WELL = fine("a", "It is well.")
BAD = problem("b", "It is bad.", "Mend it.")


async def _well() -> Sequence[Finding]:
    return [WELL]


async def _both() -> Sequence[Finding]:
    return [BAD, WELL]


async def _hangs() -> Sequence[Finding]:
    await asyncio.Event().wait()
    raise AssertionError


async def _breaks() -> Sequence[Finding]:
    raise ValueError("postgres://user:sesame@host/name")


async def test_findings_come_in_the_order_of_their_checks() -> None:
    assert await examine({"both": _both, "well": _well}, 5) == [BAD, WELL, WELL]


async def test_a_check_that_hangs_is_given_its_time_and_holds_nobody_up() -> None:
    found = await examine({"slow": _hangs, "slow too": _hangs, "well": _well}, 0.05)

    assert [(one.subject, one.level, one.what) for one in found] == [
        ("slow", Level.PROBLEM, "no answer within 0.05 s"),
        ("slow too", Level.PROBLEM, "no answer within 0.05 s"),
        ("a", Level.OK, "It is well."),
    ]


async def test_a_check_that_is_broken_itself_is_a_problem_without_the_errors_text() -> None:
    found = await examine({"broken": _breaks, "well": _well}, 5)

    assert found == [
        problem("broken", "the check itself failed (ValueError)", "Please report this; the log has more."),
        WELL,
    ]


async def test_who_waits_may_be_cancelled() -> None:
    asked = asyncio.create_task(examine({"slow": _hangs}, 60))
    await asyncio.sleep(0)
    asked.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asked


@pytest.mark.parametrize(
    ("findings", "level"),
    [
        ([], Level.OK),
        ([WELL], Level.OK),
        ([WELL, warning("c", "It is odd.", "Look.")], Level.WARNING),
        ([BAD, warning("c", "It is odd.", "Look."), WELL], Level.PROBLEM),
    ],
)
def test_all_is_as_bad_as_the_worst(findings: list[Finding], level: Level) -> None:
    assert worst(findings) is level


def test_machines_get_no_advice_where_there_is_none() -> None:
    assert WELL.as_json() == {"subject": "a", "level": "ok", "what": "It is well."}
    assert BAD.as_json() == {"subject": "b", "level": "problem", "what": "It is bad.", "advice": "Mend it."}
