"""The actors, by noun. Each calls one function of `mailing`."""
