"""The order of the middlewares, which is part of the design."""

from mailing.settings import Settings
from tasks.middleware import Connections, middlewares


def test_the_loop_lives_longest_and_then_the_connections(settings: Settings) -> None:
    # When
    names = [type(middleware).__name__ for middleware in middlewares(Connections(settings))]

    # Then `after_*` hooks run the other way round: the connections close while the loop still runs
    assert names == ["UvloopAsyncIO", "Connections", "LogContext", "Retries", "TimeLimit", "ShutdownNotifications"]
