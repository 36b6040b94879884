"""History: what became of messages over time, of one mailing by steps of its life and of all of them by days."""
