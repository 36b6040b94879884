"""Whoever asks, in the API."""
