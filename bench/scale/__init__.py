"""What the service does in a database with many millions of messages, beside the same in an empty one."""
