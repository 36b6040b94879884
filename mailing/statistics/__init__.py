"""Statistics: the figures of mailings and of all together, from the counters and never from the messages."""
