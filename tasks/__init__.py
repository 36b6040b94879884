"""Edge 2: the queue and the clock. Turns wake-ups and ticks into calls of `mailing`, and decides nothing itself."""
