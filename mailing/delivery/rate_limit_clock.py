"""Where Redis's clock stands, in terms of this process's monotonic clock: bounds that are certain, not a guess."""

import math

_DRIFT = 0.001
"""Most seconds that the two clocks part in a second: NTP corrects each by at most half of this (adjtimex(2))."""


class ServerClock:
    """Learns from each answer that carries the server's time: it was that time between the asking and the answer.

    The narrowest bounds so far hold, widened by what the clocks may have parted since: a slow answer takes nothing
    from what a quick one has told. If the clock is set, the next answer contradicts the bounds and replaces them.
    """

    def __init__(self) -> None:
        self._least_lead = -math.inf
        self._most_lead = math.inf
        self._learned_at = 0.0

    def learn(self, asked_at: float, server_time: float, answered_at: float) -> None:
        """The server's clock showed `server_time` at some moment between those two."""
        in_the_call = _DRIFT * (answered_at - asked_at)
        least_told, most_told = server_time - answered_at - in_the_call, server_time - asked_at + in_the_call
        since_the_last = _DRIFT * (answered_at - self._learned_at)
        least = max(self._least_lead - since_the_last, least_told)
        most = min(self._most_lead + since_the_last, most_told)
        if least > most:
            least, most = least_told, most_told
        self._least_lead, self._most_lead, self._learned_at = least, most, answered_at

    def latest(self, server_time: float) -> float:
        """The latest moment here at which it can be that time there."""
        return server_time - self._least_lead

    def earliest(self, server_time: float) -> float:
        """The earliest moment here at which it can be that time there."""
        return server_time - self._most_lead
