"""What a provider says of itself, and for how long it is believed."""

import pytest

from gql_api.sign_in.failures import ProviderUnavailableError
from gql_api.sign_in.provider import FRESH_SECONDS, REST_SECONDS, Provider
from tests.gql_api.sign_in.hostile import misleading


async def test_it_is_asked_again_after_a_while_and_believed_while_it_is_away() -> None:
    now = 0.0
    async with misleading() as hostile:
        # Given one of whom it was heard
        provider = Provider(hostile.url, clock=lambda: now)
        first = await provider.endpoints()

        # When it changes its mind
        hostile.configured(token_endpoint=f"{hostile.url}/other")
        soon = await provider.endpoints()
        now += FRESH_SECONDS + 1
        later = await provider.endpoints()
        # And then talks of somebody else
        hostile.configured(issuer="https://login.example.com")
        now += FRESH_SECONDS + 1
        amiss = await provider.endpoints()

    # Then
    assert (soon, later.token, amiss) == (first, f"{hostile.url}/other", later)


async def test_while_it_is_away_it_is_asked_once_by_all_who_wait_and_again_after_a_rest() -> None:
    now = 0.0
    async with misleading() as hostile:
        # Given one that has nothing to say
        hostile.configured(token_endpoint=None)
        provider = Provider(hostile.url, clock=lambda: now)
        for _ in range(3):
            with pytest.raises(ProviderUnavailableError):
                await provider.endpoints()

        # When it has
        hostile.configured()
        with pytest.raises(ProviderUnavailableError):
            await provider.endpoints()
        now += REST_SECONDS

        # Then
        assert (await provider.endpoints()).token == f"{hostile.url}/token"
