"""Clients in the API."""
