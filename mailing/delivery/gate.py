"""What may hold all sending back, whatever the mailing: the channel to the provider.

Asked right before each request. Waiting here costs no message a try. Rates and a breaker on failures belong
behind the same two questions.
"""

import time
from typing import Protocol

import structlog

from mailing.provider.protocol import Answer, Verdict

log = structlog.get_logger(__name__)


class Gate(Protocol):
    """Lets requests to the provider pass, or not."""

    @property
    def closed(self) -> bool:
        """Nothing may leave now: there is no use in claiming messages."""
        ...

    def admits(self) -> bool:
        """A request may leave now. Who is told so sends it, and tells `learn` of its answer."""
        ...

    def learn(self, answer: Answer | None) -> None:
        """See how an admitted request ended; None: it was cut off before it was answered."""
        ...


class TokenGate:
    """Closes while the provider refuses the token (401, 403), and tries it again with single requests.

    The wait doubles from `first_wait` to `longest_wait` seconds. One for each process: a refused token is refused
    everywhere, and each process finds out with one request.
    """

    def __init__(self, first_wait: float = 1, longest_wait: float = 30) -> None:
        self._first_wait = first_wait
        self._longest_wait = longest_wait
        self._wait = 0.0
        self._closed_until = 0.0
        self._probing = False

    @property
    def closed(self) -> bool:
        return self._wait > 0 and (self._probing or time.monotonic() < self._closed_until)

    def admits(self) -> bool:
        if self.closed:
            return False
        self._probing = self._wait > 0
        return True

    def learn(self, answer: Answer | None) -> None:
        was_probing, self._probing = self._probing, False
        if answer is None:
            return
        if answer.verdict is not Verdict.UNAUTHORIZED:
            # Without a probe it is one of those that left before the token was refused: it says nothing of now.
            if was_probing and answer.http_status is not None:
                log.info("provider.token_accepted")
                self._wait = 0.0
            return
        if time.monotonic() < self._closed_until:
            return  # One of those that left before the first refusal came back.
        self._wait = min(self._longest_wait, self._wait * 2 or self._first_wait)
        self._closed_until = time.monotonic() + self._wait
        log.error(
            "provider.token_refused",
            http_status=answer.http_status,
            held_seconds=self._wait,
            what_to_do="put a valid token into MAILING_PROVIDER_TOKEN_FILE or MAILING_PROVIDER_TOKEN",
        )
