"""Runs checks: side by side, each bounded in time, and none able to spoil the others."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from mailing.health.finding import Finding, problem

Check = Callable[[], Awaitable[Sequence[Finding]]]
"""Looks at something. It answers what it finds; it raises only where it is itself at fault."""

log = structlog.get_logger(__name__)

_ending: set["asyncio.Future[Sequence[Finding]]"] = set()
"""What was let go of: the event loop alone would not keep it."""


async def examine(checks: Mapping[str, Check], seconds: float) -> list[Finding]:
    """What the checks find, in their order. Each is given so many seconds; its name says what it looks at.

    One that takes longer, or fails in a way that it has no words for, is a problem like others.
    """
    found = await asyncio.gather(*(_examined(name, check, seconds) for name, check in checks.items()))
    return [finding for findings in found for finding in findings]


async def _examined(name: str, check: Check, seconds: float) -> Sequence[Finding]:
    asked = asyncio.ensure_future(check())
    try:
        done, _ = await asyncio.wait({asked}, timeout=seconds)
    finally:
        _let_go(asked)
    if not done:
        return [_late(name, seconds)]
    try:
        return asked.result()
    except TimeoutError:
        return [_late(name, seconds)]
    except Exception as e:  # Who looks for what is broken is not to be stopped by one more thing that is.
        log.error("health.check_failed", check=name, exc_info=e)
        return [problem(name, f"the check itself failed ({type(e).__name__})", "Please report this; the log has more.")]


def _late(name: str, seconds: float) -> Finding:
    """What it means that something did not answer within the time that it was given."""
    return problem(
        name,
        f"no answer within {seconds:g} s",
        "See whether it is overloaded or hangs, and whether a firewall swallows what is sent to it.",
    )


def _let_go(asked: "asyncio.Future[Sequence[Finding]]") -> None:
    """Cancel it without waiting for its end: where a server hangs, to take a question back may take a minute."""
    if not asked.done() and asked.cancel():
        _ending.add(asked)
        asked.add_done_callback(_forget)


def _forget(asked: "asyncio.Future[Sequence[Finding]]") -> None:
    _ending.discard(asked)
    if not asked.cancelled():
        asked.exception()  # Asked for, so that nobody complains that nobody did.
