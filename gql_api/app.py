"""The API process: what it is made of, and in which order that starts and stops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from starlette.types import Lifespan

from gql_api.auth.entrance import Entrance
from gql_api.docs.routes import PageForPeople, docs_routes
from gql_api.health import health_routes
from gql_api.http.limits import Limits
from gql_api.http.view import GraphQLView
from gql_api.metrics import metrics_route
from gql_api.schema import schema
from gql_api.ui.routes import ui_routes
from mailing import jobs, steering
from mailing.db import orm
from mailing.logging import configure_logging
from mailing.metrics.exposition import Role
from mailing.metrics.service import ServiceFigures
from mailing.metrics.watched import Watched
from mailing.progress.announce import announce_through
from mailing.progress.feed import ProgressFeed
from mailing.progress.publisher import ProgressPublisher
from mailing.provider_health.feed import HealthFeed
from mailing.settings import Settings, SettingsError, load_settings
from mailing.tracing import configure_tracing
from tasks.broker import QUEUES, make_broker
from tasks.sending import through


def create_app(settings: Settings | None = None) -> Starlette:
    """The ASGI application. Without settings it is the whole process: it reads the environment and sets up logging.

    Raises SettingsError. Neither the database nor Redis has to be there yet: /readyz tells when they are.
    """
    if settings is None:
        settings = load_settings()
        configure_logging(settings, process="api")
        configure_tracing("api")
    if not settings.redis_url:
        raise SettingsError(["MAILING_REDIS_URL: must be set"])
    redis = Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=2)
    feed = ProgressFeed(redis)
    health = HealthFeed()
    entrance = Entrance(settings, redis)
    watched = Watched(settings, Role.API, service=ServiceFigures(redis, set(QUEUES.values())))
    graphql = entrance.guarded(GraphQLView(feed, health, schema.under(Limits.of(settings)), settings=settings))
    return Starlette(
        routes=[
            Route("/graphql", PageForPeople(graphql)),
            WebSocketRoute("/graphql", graphql),
            *entrance.routes,
            *docs_routes(),
            *health_routes(redis),
            metrics_route(watched, entrance, settings),
            *ui_routes(),
        ],
        middleware=entrance.middleware,
        lifespan=_lifespan(settings, redis, feed=feed, health=health, entrance=entrance, watched=watched),
    )


def _lifespan(
    settings: Settings, redis: Redis, *, feed: ProgressFeed, health: HealthFeed, entrance: Entrance, watched: Watched
) -> Lifespan[Starlette]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as parts:
            # Stopped in the opposite order: what needs the database or Redis before these.
            await parts.enter_async_context(orm.connected(settings))
            parts.push_async_callback(redis.aclose)
            await parts.enter_async_context(_queue(settings))
            await parts.enter_async_context(_publisher(redis))
            await watched.start()
            parts.push_async_callback(watched.stop)
            await feed.start()
            parts.push_async_callback(feed.stop)
            health.start()
            parts.push_async_callback(health.stop)
            await parts.enter_async_context(entrance.open())
            yield

    return lifespan


@asynccontextmanager
async def _queue(settings: Settings) -> AsyncIterator[None]:
    assert settings.redis_url is not None, "create_app checks it"
    broker = make_broker(settings.redis_url)
    jobs.send_through(through(broker))
    try:
        yield
    finally:
        jobs.send_through(None)
        await asyncio.to_thread(broker.close)


@asynccontextmanager
async def _publisher(redis: Redis) -> AsyncIterator[None]:
    publisher = ProgressPublisher(redis)
    announce_through(publisher.touch)
    steering.tell_through(steering.over(redis))
    try:
        yield
    finally:
        steering.tell_through(None)
        announce_through(None)
        await publisher.close()
