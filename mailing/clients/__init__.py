"""Clients: what may be stored of one, and what changing one does to messages on their way."""
