"""What can be done to mailings, one mutation a file."""
