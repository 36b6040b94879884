"""Clients and a worker, as the tests of delivery have them."""

from tests.delivery.conftest import clients, provider, worker

__all__ = ["clients", "provider", "worker"]
