"""What can be done to clients, one mutation a file."""
