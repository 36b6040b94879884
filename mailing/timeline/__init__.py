"""Timelines: what happened to a mailing, a client or a message, in order, from what the database has recorded."""
