"""Runs checks: side by side, each bounded in time, and none able to spoil the others."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from mailing.health.finding import Finding, problem

Check = Callable[[], Awaitable[Sequence[Finding]]]
"""Looks at something. It answers what it finds; it raises only where it is itself at fault."""

log = structlog.get_logger(__name__)


async def examine(checks: Mapping[str, Check], seconds: float) -> list[Finding]:
    """What the checks find, in their order. Each is given so many seconds; its name says what it looks at.

    One that takes longer, or fails in a way that it has no words for, is a problem like others.
    """
    found = await asyncio.gather(*(_examined(name, check, seconds) for name, check in checks.items()))
    return [finding for findings in found for finding in findings]


async def _examined(name: str, check: Check, seconds: float) -> Sequence[Finding]:
    try:
        async with asyncio.timeout(seconds):
            return await check()
    except TimeoutError:
        return [
            problem(
                name,
                f"no answer within {seconds:g} s",
                "See whether it is overloaded or hangs, and whether a firewall swallows what is sent to it.",
            )
        ]
    except Exception as e:  # Who looks for what is broken is not to be stopped by one more thing that is.
        log.exception("health.check_failed", check=name)
        return [problem(name, f"the check itself failed ({type(e).__name__})", "Please report this; the log has more.")]
