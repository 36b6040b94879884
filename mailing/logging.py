"""Logging: one event a line, static names, values as fields; JSON, or colours on a terminal."""

import logging
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import structlog

from mailing.settings import Settings

_LIBRARIES = {
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


def configure_logging(settings: Settings, **context: str) -> None:
    """Send everything, what libraries log included, to standard error. `context` stands on every line."""
    console = settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty())
    renderer: Any = structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        lambda _logger, _name, event: {**context, **event},
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _write_times,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    handler.addFilter(_is_news)
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    for name, least in _LIBRARIES.items():
        logging.getLogger(name).setLevel(max(least, logging.getLogger().level))


def _write_times(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Moments among the fields look like the line's own timestamp."""
    return {
        key: value.astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
        for key, value in event.items()
    }


def _is_news(record: logging.LogRecord) -> bool:
    """While the queue is away, each consumer says so every three seconds; the worker itself says it once."""
    return not (record.name.startswith("dramatiq.worker.ConsumerThread(") and "connection error" in str(record.msg))
