"""What became of messages over time, in the API."""
