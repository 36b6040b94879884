"""The GraphQL API as the demonstration uses it: over real HTTP and WebSocket, as any other program would."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from gql import Client, GraphQLRequest
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.aiohttp_websockets import AIOHTTPWebsocketsTransport
from gql.transport.exceptions import TransportError, TransportQueryError

from mailing.cli.failure import CommandError, first_line

Answer = Mapping[str, Any]

PATIENCE_SECONDS = 60
"""How long the API may be away while a mailing is followed."""

_ENDED = ("FINISHED", "CANCELLED")

# gql and aiohttp have no common root; aiohttp's connection errors are OSErrors, and gql wraps the others.
_UNREACHABLE: Final = (TransportError, OSError, TimeoutError)

_CREATE = """
    mutation Demonstrate($input: CreateMailingInput!) {
        createMailing(input: $input) { __typename ... on Mailing { id } ... on UserError { message } }
    }
"""
_COUNTS = "total pending sending sent failed expired unconfirmed cancelled"
_FOLLOW = f"""
    subscription FollowDemonstration($id: ID!) {{
        mailingProgress(mailingId: $id) {{ {_COUNTS} messagesPerSecond estimatedFinishAt mailing {{ status }} }}
    }}
"""
_GROUPS = "value total byStatus { status count }"
_STATISTICS = f"""
    query DemonstrationStatistics($id: ID!) {{
        mailing(id: $id) {{
            status
            progress {{ {_COUNTS} }}
            statistics {{
                total
                byStatus {{ status count }}
                byOperatorCode {{ {_GROUPS} }}
                byTag {{ {_GROUPS} }}
                byTimezone {{ {_GROUPS} }}
                failures {{ reason count }}
            }}
        }}
    }}
"""


class DemoApi:
    """Raises CommandError, one line, where the API does not answer or refuses."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = f"{url}/graphql"
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        logging.getLogger("gql").setLevel(logging.WARNING)

    @property
    def has_token(self) -> bool:
        return bool(self._headers)

    async def create_mailing(self, text: str, tag: str) -> str:
        """A mailing that starts at once, for the clients with the tag; its id."""
        now = datetime.now(UTC)
        times = {"startsAt": now.isoformat(), "endsAt": (now + timedelta(days=1)).isoformat()}
        answer = await self._ask(_CREATE, {"input": {"text": text, **times, "filter": {"tags": [tag]}}})
        result = answer["createMailing"]
        if result["__typename"] != "Mailing":
            raise CommandError(f"the API refused the mailing: {result['message']}")
        mailing_id: str = result["id"]
        return mailing_id

    async def follow(self, mailing_id: str) -> AsyncGenerator[Answer, None]:
        """Its progress, live, until it has ended. A connection that drops is made again.

        Raises CommandError after a minute without an answer.
        """
        heard = time.monotonic()
        problem: BaseException | None = None
        while time.monotonic() - heard < PATIENCE_SECONDS:
            try:
                async with aclosing(self._subscribe(mailing_id)) as states:
                    async for state in states:
                        heard = time.monotonic()
                        yield state
                        if _is_over(state):
                            return
            except TransportQueryError as e:
                raise CommandError(f"the API refused the subscription: {_said(e)}") from e
            except _UNREACHABLE as e:
                problem = e
            await asyncio.sleep(1)
        raise CommandError(f"lost sight of {mailing_id}: {_unreachable(self.url, problem)}") from problem

    async def statistics(self, mailing_id: str) -> Answer:
        """How it stands, and what became of its messages."""
        answer = await self._ask(_STATISTICS, {"id": mailing_id})
        mailing: Answer | None = answer["mailing"]
        if mailing is None:
            raise CommandError(f"{mailing_id} has been deleted")
        return mailing

    async def _subscribe(self, mailing_id: str) -> AsyncGenerator[Answer, None]:
        transport = AIOHTTPWebsocketsTransport(
            url="ws" + self.url.removeprefix("http"),
            headers=self._headers,
            subprotocols=[AIOHTTPWebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
            heartbeat=10,
            websocket_close_timeout=1,
        )
        try:
            async with Client(transport=transport) as session:
                request = GraphQLRequest(_FOLLOW, variable_values={"id": mailing_id})
                async with aclosing(session.subscribe(request)) as answers:
                    async for answer in answers:
                        yield answer["mailingProgress"]
        finally:
            await transport.adapter.close()  # gql leaves it open where it could not connect.

    async def _ask(self, query: str, variables: dict[str, Any]) -> Answer:
        try:
            async with Client(
                transport=AIOHTTPTransport(url=self.url, headers=self._headers), execute_timeout=30
            ) as session:
                answer: Answer = await session.execute(GraphQLRequest(query, variable_values=variables))
        except TransportQueryError as e:
            raise CommandError(f"the API answered with an error: {_said(e)}{_way_in(e)}") from e
        except _UNREACHABLE as e:
            raise CommandError(_unreachable(self.url, e)) from e
        return answer


def _is_over(state: Answer) -> bool:
    return state["mailing"]["status"] in _ENDED and state["pending"] == 0 and state["sending"] == 0


def _way_in(e: TransportQueryError) -> str:
    """What to do where the API does not let anybody in who shows nothing."""
    codes = {error.get("extensions", {}).get("code") for error in e.errors or ()}
    if "UNAUTHENTICATED" not in codes:
        return ""
    return "; sign-in is on: set MAILING_TOKEN to what `mailing token create --name demo --role operator` prints"


def _unreachable(url: str, e: BaseException | None) -> str:
    return f"the API at {url} does not answer: {_said(e) if e else 'its subscription ended too early'}"


def _said(e: BaseException) -> str:
    if isinstance(e, TransportQueryError) and e.errors:
        return str(e.errors[0].get("message", e))
    return first_line(e)
