"""Servers that misbehave: those that the tests of the provider have."""

from tests.provider.conftest import fake, raw_server

__all__ = ["fake", "raw_server"]
