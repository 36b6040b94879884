"""Faults of the provider: the scenarios that it plays for a while instead of behaving well."""

import asyncio
from typing import TYPE_CHECKING

from tests.faults.kinds import PROVIDER, Fault, Play

if TYPE_CHECKING:
    from tests.faults.site import Site


def scenario(**changes: object) -> Play:
    """Play it with these changes, then well again."""

    async def play(site: "Site", target: str, seconds: float) -> None:
        await site.provider.play(**changes)
        try:
            await asyncio.sleep(seconds)
        finally:
            await site.provider.play()

    return play


FAULTS = (
    Fault("answers 500", 2, PROVIDER, (1, 5), scenario(error_share=0.98, refuse_share=0)),
    Fault("answers 429", 2, PROVIDER, (1, 4), scenario(throttle_share=0.9, retry_after_seconds=1)),
    Fault("refuses the token", 1, PROVIDER, (0.5, 3), scenario(unauthorized=True)),
    Fault("talks nonsense", 1, PROVIDER, (1, 4), scenario(garbage_share=0.7)),
    Fault("answers code 17", 1, PROVIDER, (1, 4), scenario(code_share=0.7)),
    Fault("hangs", 2, PROVIDER, (1, 5), scenario(hang_share=0.5)),
    Fault("is slow", 2, PROVIDER, (2, 5), scenario(latency_ms=[1_000, 2_600])),
    Fault("refuses connections", 2, PROVIDER, (0.5, 4), scenario(refuse_connections=True)),
    Fault("closes before accepting", 1, PROVIDER, (1, 4), scenario(close_before_share=0.5)),
    Fault("closes after accepting", 2, PROVIDER, (1, 4), scenario(close_after_share=0.5)),
)
