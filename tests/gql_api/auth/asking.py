"""How the API answers somebody with certain headers."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed

from tests.gql_api.api import Api, Json, Socket

COUNT = "{ clients { totalCount } }"

OK = (200, {"data": {"clients": {"totalCount": 0}}})


async def ask(api: Api, headers: Mapping[str, str], query: str = COUNT, **variables: object) -> tuple[int, Json]:
    """Status and body."""
    body = {"query": query, "variables": variables}
    async with api.http.post(f"http://{api.address}/graphql", json=body, headers=headers) as response:
        return response.status, await response.json()


async def code(api: Api, headers: Mapping[str, str], query: str = COUNT, **variables: object) -> str | None:
    """The code of the first error; None without one."""
    _, answer = await ask(api, headers, query, **variables)
    found: str | None = answer["errors"][0]["extensions"]["code"] if "errors" in answer else None
    return found


@asynccontextmanager
async def connected(api: Api, payload: Any = None, headers: Mapping[str, str] | None = None) -> AsyncIterator[Socket]:
    """A WebSocket after connection_init, acknowledged or not."""
    async with api.silent_socket(headers=headers) as socket:
        await socket.send(type="connection_init", **({} if payload is None else {"payload": payload}))
        yield socket


async def farewell(socket: Socket) -> tuple[int | None, str | None]:
    """With which code and reason the server closes the socket, whatever it says before."""
    try:
        while True:
            await socket.receive()
    except ConnectionClosed:
        return socket.connection.close_code, socket.connection.close_reason
