"""People who are signed in with a browser."""
