"""The lean client that asks the API's edge."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bench.edge.caller import keep_asking
from tests.gql_api.serving import serving


async def _echo(request: Request) -> JSONResponse:
    asked = await request.json()
    return JSONResponse({"asked": asked}, status_code=asked.get("status", 200))


APP = Starlette(routes=[Route("/graphql", _echo, methods=["POST"])])


async def test_it_asks_on_every_connection_until_time_is_up() -> None:
    async with serving(APP) as address:
        asked = await keep_asking(f"http://{address}/graphql", {"query": "é"}, connections=3, seconds=0.2)

    assert asked.answer == {"asked": {"query": "é"}}
    assert asked.requests > 3
    assert 0.2 <= asked.seconds < 5
    assert asked.per_second == asked.requests / asked.seconds


async def test_an_answer_that_is_not_200_ends_it() -> None:
    async with serving(APP) as address:
        with pytest.raises(RuntimeError, match=r'(?s)500.*"status":500'):
            await keep_asking(f"http://{address}/graphql", {"status": 500}, connections=2, seconds=0.2)
