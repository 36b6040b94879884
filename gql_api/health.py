"""Whether this process lives (/healthz), and whether it can answer (/readyz)."""

from redis.asyncio import Redis
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from mailing.health.readiness import Readiness


def health_routes(redis: Redis) -> list[Route]:
    """/healthz and /readyz: 200, or 503 with what is wrong and what to do about it."""

    readiness = Readiness(redis)

    async def healthz(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> JSONResponse:
        status, told = await readiness.ask()
        return JSONResponse(told, status)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
