"""Reasons of messages that more than one statement writes, or that others go by."""

CLIENT_DELETED = "client deleted"
LEFT_OUT = "left out by the changed filter"
"""An edit of the filter cancelled it: a later edit may take it in again."""
TRIES_USED_UP = "tries used up"
"""What the reason begins with where the last try was a failure that could have been tried again."""
RESTORED = "database restored"
"""It waited in a backup that the database was restored from, and may have been sent since."""
