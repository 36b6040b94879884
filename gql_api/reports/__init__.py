"""The daily report, as admins see it and send it."""
