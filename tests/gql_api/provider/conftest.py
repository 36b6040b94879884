"""An engine that sends in the test's own process, beside the API."""

from tests.delivery.conftest import clients, provider, worker

__all__ = ["clients", "provider", "worker"]  # fixtures of those stories that these tests see from outside
