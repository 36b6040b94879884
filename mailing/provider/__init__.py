"""The outside SMS provider: the protocol that the engine speaks, its client over HTTP, and a fake of it."""
