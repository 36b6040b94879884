"""Keeps the processes of one machine running: starts them in order, restarts what dies, stops all in time.

It knows nothing of mailings: `Supervised` is what it asks of a part, `Part` is a part that is a program.
"""
