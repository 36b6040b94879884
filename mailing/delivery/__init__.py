"""The delivery engine: starts mailings, chooses their audience, sends under leases, and brings each to its end."""
