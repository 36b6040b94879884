"""What libraries log, through the module `logging`: the same lines to the same outlets."""

import logging
from collections.abc import Sequence
from typing import Any

import structlog

from mailing.logging.levels import Area, Levels
from mailing.logging.outlets import Outlet

log = structlog.get_logger(__name__)

_LEAST = {
    # At DEBUG it tells the secrets of sign-ins that are under way.
    "authlib": logging.INFO,
    "dramatiq": logging.WARNING,
    # Its warnings are prose about rounds that come late; the sweep itself tells when it is slow.
    "apscheduler": logging.ERROR,
    # While the database is away, its pool warns every second with a traceback; whoever needs it tells once.
    "asyncpg": logging.ERROR,
    "httpx2": logging.WARNING,
    "uvicorn.access": logging.WARNING,
    # While its collector is away, it warns of each try; that it gave a batch up is enough.
    "opentelemetry": logging.ERROR,
    "tortoise": logging.WARNING,
    "asyncio": logging.WARNING,
}
"""The least level that is logged of each, whatever the settings say."""


def configure_libraries(levels: Levels, processors: Sequence[Any], outlet: Outlet) -> None:
    """`processors`: those of our own events; the last makes bytes."""
    *shared, render = processors
    handler = _ToOutlet(outlet)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render, _as_text],
        )
    )
    handler.addFilter(_is_news)
    least = levels.of_areas.get(Area.LIBRARIES, levels.default)
    logging.basicConfig(handlers=[handler], level=least, force=True)
    for name, floor in _LEAST.items():
        logging.getLogger(name).setLevel(max(floor, least))


class _ToOutlet(logging.Handler):
    def __init__(self, outlet: Outlet) -> None:
        super().__init__()
        self._outlet = outlet

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._outlet.write(self.format(record).encode(errors="replace"))
        except Exception:
            # Not the module's own way, which prints what the record holds as it is.
            log.exception("logging.line_not_made", of_logger=record.name)


def _as_text(_logger: object, _level: str, line: Any) -> str:
    return line.decode() if isinstance(line, bytes) else str(line)


def _is_news(record: logging.LogRecord) -> bool:
    """While the queue is away, each consumer says so every three seconds; the worker itself says it once."""
    return not (record.name.startswith("dramatiq.worker.ConsumerThread(") and "connection error" in str(record.msg))
