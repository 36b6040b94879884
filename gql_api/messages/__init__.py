"""Messages in the API."""
