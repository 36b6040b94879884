"""The fault suite: whole mailings through the whole service, while its processes, servers and its provider fail.

`make faults SEEDS=40` plays seeds 1 to 40. A seed decides which faults are played, on what, when and for how long
(`plan`). A run collects evidence from outside (`evidence`): what the provider saw, what subscribers were told and what
the database says in the end. The invariants (`invariants`) are functions of that evidence.
"""
