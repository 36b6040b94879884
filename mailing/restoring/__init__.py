"""After a restore from a backup: the database is older than what was sent. What makes it safe to go on."""
