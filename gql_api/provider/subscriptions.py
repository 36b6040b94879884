"""`providerHealth`, followed live."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import strawberry

from gql_api.context import Info
from gql_api.provider.types import ProviderHealth


@strawberry.subscription(
    description="The whole state at once and then after each change, the newest at most 10 times a second; where only "
    "recentRequests and recentFailures have changed, at most every 2 seconds. Does not end."
)
async def provider_health(info: Info) -> AsyncGenerator[ProviderHealth, None]:
    async with aclosing(info.context.health.watch()) as states:
        async for state in states:
            yield ProviderHealth.of(state)
