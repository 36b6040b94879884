"""The outside SMS provider: the protocol that the engine speaks, its clients over HTTP, and a fake of it."""
