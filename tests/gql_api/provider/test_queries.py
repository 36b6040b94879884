"""`providerHealth`, asked once."""

from mailing.delivery.breaker import BreakerState
from mailing.delivery.channel_health import read_channel
from mailing.mailings.service import create_mailing
from mailing.provider.fake import FakeProvider, Scenario
from tests.conftest import Sql
from tests.delivery.conftest import Worker, new_mailing
from tests.delivery.stories import Clients
from tests.gql_api.api import Api
from tests.gql_api.rows import NOON

HEALTH = """
{
  providerHealth { breaker cause reason since nextProbeAt recentRequests recentFailures updatedAt }
}
"""


async def test_the_health_is_that_of_the_channel_all_workers_share(api: Api, sql: Sql) -> None:
    # Given
    await sql(
        """
        UPDATE provider_channel SET
            state = 'HALF_OPEN', cause = 'FAILURES', reason = 'a reason', since = $1, next_probe_at = $1
        """,
        NOON,
    )
    await sql("INSERT INTO provider_tally VALUES (now() - interval '9 s', 5, 2), (now() - interval '1 s', 6, 3)")
    await sql("INSERT INTO provider_tally VALUES (now() - interval '11 s', 100, 100)")
    # When
    health = (await api.ask(HEALTH))["providerHealth"]
    # Then
    assert health.pop("updatedAt").endswith("Z")
    assert health == {
        "breaker": "HALF_OPEN",
        "cause": "FAILURES",
        "reason": "a reason",
        "since": "2030-01-31T12:00:00Z",
        "nextProbeAt": "2030-01-31T12:00:00Z",
        "recentRequests": 11,
        "recentFailures": 5,
    }


async def test_a_refused_token_is_told_as_such_until_it_works(
    api: Api, worker: Worker, provider: FakeProvider, clients: Clients
) -> None:
    # Given a provider that does not accept the token
    await provider.set_scenario(Scenario(unauthorized=True))
    await clients(3)
    await create_mailing(new_mailing())
    # When
    await worker.until(_open)
    refused = (await api.ask(HEALTH))["providerHealth"]
    # Then
    assert (refused["breaker"], refused["cause"]) in {("OPEN", "TOKEN_REFUSED"), ("HALF_OPEN", "TOKEN_REFUSED")}
    assert "401" in refused["reason"]
    assert refused["nextProbeAt"] > refused["since"]
    # When it does again
    await provider.set_scenario(Scenario())
    await worker.until(_closed)
    health = (await api.ask(HEALTH))["providerHealth"]
    # Then
    assert health["since"] > refused["since"]
    assert [health[name] for name in ("breaker", "cause", "reason", "nextProbeAt")] == ["CLOSED", None, None, None]


async def _open() -> bool:
    return not await _closed()


async def _closed() -> bool:
    return (await read_channel()).state is BreakerState.CLOSED
