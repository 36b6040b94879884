"""Which client speaks to the provider."""

from mailing.provider.direct.client import DirectProvider
from mailing.provider.protocol import Provider
from mailing.settings import Settings


def open_provider(settings: Settings) -> Provider:
    """A client for these settings. Call it inside the event loop that it is to serve, and close it there."""
    if settings.provider_proxy is None:
        return DirectProvider(settings)
    # Only those who need aiohttp load it.
    from mailing.provider.through_proxy import ProxyProvider

    return ProxyProvider(settings)
