"""Tokens of the service's own, which let programs in."""
