"""Mailings: what may be asked of one, and how one is read."""
