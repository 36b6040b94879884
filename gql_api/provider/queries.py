"""`providerHealth`, asked once."""

import strawberry

from gql_api.provider.types import ProviderHealth
from mailing.delivery.channel_health import read_channel


@strawberry.field(description="Whether the SMS provider works at present, and if not, why and when it is tried again.")
async def provider_health() -> ProviderHealth:
    return ProviderHealth.of(await read_channel())
