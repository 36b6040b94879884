"""What can be done with the daily report, one mutation a file."""
