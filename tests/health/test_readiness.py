from collections.abc import Sequence

import pytest

from mailing.health.finding import Finding, fine, problem, warning
from mailing.health.readiness import answer

WELL = fine("database", "PostgreSQL answers.")
AWAY = problem("database", "PostgreSQL does not answer.", "Start it.")
REDIS = warning("redis", "Redis does not answer.", "Start it.")


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([WELL], (200, {"status": "ok"})),
        (
            [WELL, REDIS],
            (200, {"status": "ok", "warnings": {"redis": {"what": "Redis does not answer.", "advice": "Start it."}}}),
        ),
        (
            [AWAY, REDIS],
            (
                503,
                {
                    "status": "not ready",
                    "problems": {"database": {"what": "PostgreSQL does not answer.", "advice": "Start it."}},
                    "warnings": {"redis": {"what": "Redis does not answer.", "advice": "Start it."}},
                },
            ),
        ),
    ],
)
def test_only_problems_make_a_process_not_ready(findings: Sequence[Finding], expected: object) -> None:
    assert answer(findings) == expected
