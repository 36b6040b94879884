"""What can be done to API tokens, one mutation a file."""
