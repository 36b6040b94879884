"""Puts together how this process logs."""

import sys
from collections.abc import Callable, MutableMapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from structlog.typing import BindableLogger, WrappedLogger

from mailing.identity import this_process
from mailing.logging.concealment import Concealment
from mailing.logging.each import Rendering, as_json
from mailing.logging.levels import Levels
from mailing.logging.libraries import configure_libraries
from mailing.logging.line import Line
from mailing.logging.outlets import Outlet, RotatingFile, StandardError

if TYPE_CHECKING:
    from mailing.settings import Settings

_FOR_PEOPLE = frozenset({"warning", "error", "critical"})
"""What standard error still has where the lines go to a file."""


def configure_logging(settings: "Settings", *, process: str) -> None:
    """Send everything, what libraries log included, to standard error, or to the file that the settings name.

    `process` stands on every line, and which of them it is. A file that cannot be written is told, once, and standard
    error has everything then. Call it once, before anything is logged: loggers keep what they find.
    """
    levels = Levels.parse(settings.log_level)
    console = settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty())
    on_screen = Rendering(structlog.dev.ConsoleRenderer() if console else as_json)
    file, problem = _file(settings)
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        Line(
            Concealment(_secrets(settings), personal_data=settings.log_personal_data),
            process=process,
            worker=this_process(),
        ),
        *([_OnScreenToo(on_screen), Rendering(as_json)] if file else [on_screen]),
    ]
    outlet = file or StandardError()
    structlog.configure(
        processors=processors,
        logger_factory=lambda *names: _Lines(outlet, *names),
        wrapper_class=cast(type[BindableLogger], _filtering(levels)),
        cache_logger_on_first_use=True,
    )
    configure_libraries(levels, processors, outlet)
    if problem is not None:
        structlog.get_logger(__name__).error("logging.file_not_written", error=str(problem))


class _Lines:
    """What structlog's loggers write through: one method for every level."""

    def __init__(self, outlet: Outlet, name: str = "") -> None:
        self.name = name
        self.debug = self.info = self.warning = self.error = self.critical = outlet.write


def _filtering(levels: Levels) -> Callable[..., BindableLogger]:
    """In the place of a wrapper class: each logger gets the class of its area's level, which is static, thus quick."""

    def bound_logger(logger: _Lines, **rest: Any) -> BindableLogger:
        chosen: Callable[..., BindableLogger] = structlog.make_filtering_bound_logger(levels.of(logger.name))
        return chosen(logger, **rest)

    return bound_logger


class _OnScreenToo:
    """A processor that shows a line also on standard error where it is worth a person's look."""

    def __init__(self, rendering: Rendering) -> None:
        self._rendering = rendering
        self._screen = StandardError()

    def __call__(self, logger: WrappedLogger, level: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if level in _FOR_PEOPLE:
            # Names with an underscore are what structlog remembers of a library's record.
            shown = {name: value for name, value in line.items() if not name.startswith("_")}
            self._screen.write(self._rendering(logger, level, shown))
        return line


def _file(settings: "Settings") -> tuple[RotatingFile | None, OSError | None]:
    if settings.log_file is None:
        return None, None
    try:
        return RotatingFile(settings.log_file, settings.log_file_mb * 1_000_000), None
    except OSError as e:
        return None, e


def _secrets(settings: "Settings") -> list[str]:
    """The secrets that the settings hold, as they might be quoted."""
    held = [settings.provider_token, settings.auth_client_secret]
    urls = [settings.database_url, settings.redis_url]
    urls += [url.get_secret_value() for url in (settings.provider_proxy, settings.smtp_url) if url]
    secrets = [secret.get_secret_value() for secret in held if secret]
    for url in filter(None, urls):
        parts = urlsplit(url)
        passwords = [parts.password, *parse_qs(parts.query).get("password", ())]
        secrets += [form for password in passwords if password for form in {password, unquote(password)}]
    return secrets
