"""A worker in the test's own process, as the tests of delivery have it."""

from tests.delivery.conftest import clients, provider, worker

__all__ = ["clients", "provider", "worker"]
