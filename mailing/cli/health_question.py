"""What `mailing healthy` asks.

It runs every few seconds for as long as a container does, so it imports little: to read all settings would double it.
"""

import contextlib
import http.client

from mailing.cli.failure import CommandError
from mailing.cli.parts import base_url

TIMEOUT_SECONDS = 4.0
"""Less than the patience of the image's HEALTHCHECK, so that there is a line that says what is wrong."""

_MOST_SHOWN = 500


def ask(host: str, port: int, path: str) -> None:
    """Raises CommandError unless the answer to GET `path` is 200. `host` is the address that the process listens on."""
    url = f"{base_url(host, port)}{path}"
    reachable = url.removeprefix("http://").removesuffix(path)
    connection = http.client.HTTPConnection(reachable, timeout=TIMEOUT_SECONDS)
    try:
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            said = answer.read(_MOST_SHOWN).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as e:
        raise CommandError(f"{url} does not answer: {e or type(e).__name__}") from e
    if answer.status != 200:
        raise CommandError(f"{url} answers {answer.status}: {said}")
