"""How many sockets somebody may have open at once."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from websockets.exceptions import ConnectionClosed, InvalidStatus

from gql_api.auth.gate import Gate
from gql_api.auth.origins import Origins
from gql_api.auth.places import Places
from gql_api.auth.refusals import TooManySocketsError
from gql_api.auth.viewer import Viewer
from gql_api.http.view import GraphQLView
from mailing.provider_health.feed import HealthFeed
from mailing.roles import Role
from mailing.settings import Settings
from tests.gql_api.api import Api
from tests.gql_api.auth.asking import connected, farewell
from tests.gql_api.auth.by_name import ByName
from tests.gql_api.auth.conftest import trusting
from tests.gql_api.auth.issuer import Issuer
from tests.gql_api.following import HandFeed
from tests.gql_api.serving import serving, whole_api
from tests.waiting import until

ACK = {"type": "connection_ack"}
REFUSED = (1013, "This would be your socket 3 at once; at most 2 are allowed")
VIEWER = {"authorization": "Bearer viewer"}
ADMIN = {"authorization": "Bearer admin"}


@pytest.fixture
async def for_two() -> AsyncIterator[Api]:
    """An API that takes callers at their word, and two sockets of each."""
    gate = Gate(GraphQLView(HandFeed(), HealthFeed()), ByName(), Origins(), most_sockets=2)
    async with (
        serving(Starlette(routes=[WebSocketRoute("/graphql", gate)])) as address,
        aiohttp.ClientSession() as http,
    ):
        yield Api(http, address)


async def test_one_socket_too_many_is_refused_until_another_is_closed(for_two: Api) -> None:
    async with AsyncExitStack() as sockets:
        # Given as many as may be, and one of somebody else
        first = await sockets.enter_async_context(connected(for_two, VIEWER))
        second = await sockets.enter_async_context(connected(for_two, headers=VIEWER))
        other = await sockets.enter_async_context(connected(for_two, ADMIN))
        for socket in (first, second, other):
            assert await socket.receive() == ACK

        # When there is one more, then it is refused, whichever way it shows who has come
        async with connected(for_two, VIEWER) as third:
            assert await farewell(third) == REFUSED
        with pytest.raises(InvalidStatus) as caught:
            await sockets.enter_async_context(connected(for_two, headers=VIEWER))
        response = caught.value.response
        assert (response.status_code, response.headers["Retry-After"]) == (429, "5")
        assert REFUSED[1].encode() in response.body

        # And when another is closed there is room again
        await first.connection.close()
        await until(lambda: _is_let_in(for_two))


async def test_a_socket_counts_for_whom_it_names_last(for_two: Api) -> None:
    async with AsyncExitStack() as sockets:
        for _ in range(3):
            socket = await sockets.enter_async_context(connected(for_two, VIEWER, {"Authorization": "Bearer operator"}))
            if _ < 2:
                assert await socket.receive() == ACK
        assert await farewell(socket) == REFUSED
        # The operator's places are free: the viewer has them all
        for _ in range(2):
            socket = await sockets.enter_async_context(connected(for_two, headers={"Authorization": "Bearer operator"}))
            assert await socket.receive() == ACK


def test_nobody_who_has_left_is_remembered() -> None:
    places = Places(1)
    anna, boris = (Viewer(subject, subject, Role.VIEWER) for subject in ("anna", "boris"))

    with places.one() as place:
        place.take(anna)
        place.take(anna)
        with places.one() as another, pytest.raises(TooManySocketsError):
            another.take(anna)
        place.take(boris)
        assert len(places) == 1

    assert len(places) == 0


async def test_the_setting_says_how_many(settings: Settings, issuer: Issuer) -> None:
    async with (
        whole_api(settings, **trusting(issuer), sockets_per_user=1) as api,
        connected(api, headers=issuer.bearer()) as one,
    ):
        assert await one.receive() == ACK
        async with connected(api, {"authorization": f"Bearer {issuer.token()}"}) as another:
            assert await farewell(another) == (1013, "This would be your socket 2 at once; at most 1 are allowed")


async def _is_let_in(api: Api) -> bool:
    async with connected(api, VIEWER) as socket:
        with suppress(ConnectionClosed):
            return await socket.receive() == ACK
    return False
