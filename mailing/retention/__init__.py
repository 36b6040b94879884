"""Retention: what is over for long enough loses its messages and their attempts; what was counted of them stays."""
