"""The provider's bearer token, which may be replaced while the process runs."""

from pathlib import Path
from time import monotonic

import structlog

from mailing.setting_checks import checked_token
from mailing.settings import Settings

RECHECK_SECONDS = 1.0

log = structlog.get_logger(__name__)


class TokenSource:
    """The token of the settings, or of a file that is read again when it changes.

    The file wins. While it is missing, empty or holds something else, the last good token stays in use: whoever
    replaces it may be halfway through.
    """

    def __init__(self, settings: Settings) -> None:
        self._token = settings.provider_token.get_secret_value() if settings.provider_token else None
        self._path = settings.provider_token_file
        self._version: tuple[int, int, int] | None = None
        self._problem: str | None = None
        self._next_look = 0.0

    def current(self) -> str | None:
        """The token, or None if there is none. Looks at the file at most once in RECHECK_SECONDS."""
        if self._path is not None and (now := monotonic()) >= self._next_look:
            self._next_look = now + RECHECK_SECONDS
            self._look(self._path)
        return self._token

    def _look(self, path: Path) -> None:
        try:
            # The version is taken first: a change between the two lines is seen at the next look.
            version = _version(path)
            if version != self._version:
                self._token = checked_token(path.read_bytes().decode("ascii", "replace"))
                self._version, self._problem = version, None
                log.info("provider.token_read", path=str(path))
        except (OSError, ValueError) as e:
            self._complain(path, str(e))

    def _complain(self, path: Path, problem: str) -> None:
        """Log a problem once, not once a second."""
        if problem != self._problem:
            self._problem = problem
            log.warning(
                "provider.token_unreadable", path=str(path), problem=problem, token_kept=self._token is not None
            )


def _version(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_ino, stat.st_size
