"""The floor of the API's edge: Starlette answers the same bytes as JSON, and does nothing else.

python -m bench.edge.bare PORT
"""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from gql_api.http.socket import SERVER_OPTIONS


async def _answer(request: Request) -> JSONResponse:
    await request.json()
    return JSONResponse({"data": {"__typename": "Query"}})


async def _is_up(_: Request) -> JSONResponse:
    return JSONResponse({})


if __name__ == "__main__":
    uvicorn.run(
        Starlette(routes=[Route("/graphql", _answer, methods=["POST"]), Route("/healthz", _is_up)]),
        port=int(sys.argv[1]),
        loop="uvloop",
        access_log=False,
        log_level="warning",
        **SERVER_OPTIONS,
    )
