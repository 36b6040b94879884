"""What the service counts and measures, for Prometheus: each area defines its metrics in a module of its own.

The modules of the areas import no other part of the service than plain data, so that every part may count with them.
What each metric means, and who exports it, is in docs/metrics.md.
"""
