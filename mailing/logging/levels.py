"""How much is logged: a level for everything, and levels of areas of their own."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Self

LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")


class Area(StrEnum):
    """What a line is about, by where it comes from."""

    API = "api"
    """Operations, connections, the socket's protocol."""
    AUTH = "auth"
    """Who comes in and who is refused, API tokens, sign-ins."""
    CLIENTS = "clients"
    """What is done to clients, imports included."""
    MAILINGS = "mailings"
    """What people do to mailings."""
    DELIVERY = "delivery"
    """What becomes of mailings: selection, pumps, rescue, ends."""
    MESSAGES = "messages"
    """Each step of each message: by far the most lines."""
    PROVIDER = "provider"
    """The channel, its breaker and probes, the provider's token."""
    QUEUE = "queue"
    """Jobs, and the workers that do them."""
    SCHEDULER = "scheduler"
    """The sweep."""
    REPORT = "report"
    """The daily report."""
    LIBRARIES = "libraries"
    """What is not ours."""


_OF_PREFIX: Final[Mapping[str, Area]] = MappingProxyType(
    {
        "gql_api": Area.API,
        "gql_api.auth": Area.AUTH,
        "gql_api.sign_in": Area.AUTH,
        "mailing.access_tokens": Area.AUTH,
        "mailing.sessions": Area.AUTH,
        "mailing.clients": Area.CLIENTS,
        "mailing.mailings": Area.MAILINGS,
        "mailing.delivery": Area.DELIVERY,
        "mailing.restoring": Area.DELIVERY,
        "mailing.delivery.journal": Area.MESSAGES,
        "mailing.delivery.channel": Area.PROVIDER,
        "mailing.delivery.channel_health": Area.PROVIDER,
        "mailing.delivery.channel_log": Area.PROVIDER,
        "mailing.delivery.probe": Area.PROVIDER,
        "mailing.provider": Area.PROVIDER,
        "mailing.delivery.sweep": Area.SCHEDULER,
        "mailing.delivery.sweep_failures": Area.SCHEDULER,
        "mailing.jobs": Area.QUEUE,
        "mailing.reports": Area.REPORT,
        "mailing.retention": Area.SCHEDULER,
        "tasks": Area.QUEUE,
        "tasks.scheduler": Area.SCHEDULER,
    }
)
_OURS: Final = ("mailing", "tasks", "gql_api")


def area_of(logger: str) -> Area | None:
    """The area of a logger, which is called after its module; None for ours that belong to none."""
    parts = logger.split(".")
    for length in range(len(parts), 0, -1):
        if (area := _OF_PREFIX.get(".".join(parts[:length]))) is not None:
            return area
    return None if parts[0] in _OURS or not logger else Area.LIBRARIES


@dataclass(frozen=True, slots=True)
class Levels:
    """The least levels that are logged, as numbers of the module `logging`."""

    default: int
    of_areas: Mapping[Area, int]

    def of(self, logger: str) -> int:
        """The least level of a logger that is let through."""
        area = area_of(logger)
        return self.default if area is None else self.of_areas.get(area, self.default)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Of `INFO`, or `INFO,delivery=DEBUG,messages=WARNING`. Raises ValueError that says what is allowed."""
        default: int | None = None
        of_areas: dict[Area, int] = {}
        for part in (part.strip() for part in text.split(",")):
            name, equals, level = (piece.strip() for piece in part.rpartition("="))
            if level not in LEVELS or (equals and name not in list(Area)):
                raise ValueError(_ALLOWED)
            if (equals and Area(name) in of_areas) or (not equals and default is not None):
                raise ValueError(f"must give one level to {name or 'all the rest'}")
            if equals:
                of_areas[Area(name)] = _number(level)
            else:
                default = _number(level)
        return cls(logging.INFO if default is None else default, MappingProxyType(of_areas))


def checked_log_level(text: str) -> str:
    Levels.parse(text)
    return text


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level]


_ALLOWED: Final = (
    f"must be one of {', '.join(LEVELS)}, and behind it, with commas between them, area=LEVEL for areas that differ: "
    f"{', '.join(Area)}"
)
