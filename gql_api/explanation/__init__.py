"""`explain` in the API."""
