"""Timelines in the API."""
