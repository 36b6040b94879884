"""What is told of the channel to those who watch the log: once, by the process that changed it."""

import structlog

from mailing.delivery.breaker import BreakerCause
from mailing.delivery.channel_queries import ChannelStanding
from mailing.metrics import channel

log = structlog.get_logger(__name__)


def tell_opened(standing: ChannelStanding) -> None:
    """It has just been opened."""
    if standing.cause is not None:
        channel.opened(standing.cause)
    if standing.cause is BreakerCause.TOKEN_REFUSED:
        tell_token_refused(standing.reason)
    else:
        log.warning("provider.channel_opened", reason=standing.reason, next_probe_at=standing.next_probe_at)


def tell_token_refused(reason: str | None) -> None:
    """Nothing is sent until somebody does something."""
    log.error(
        "provider.token_refused",
        reason=reason,
        what_to_do="put a valid token into MAILING_PROVIDER_TOKEN_FILE or MAILING_PROVIDER_TOKEN; "
        "at HTTP 407, the proxy's password into MAILING_PROVIDER_PROXY",
    )
