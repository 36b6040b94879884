"""How long to wait before a part is started again."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Backoff:
    """0.5 s after the first end, twice as long after each further one, up to 10 s; anew once it ran for 30 s."""

    first_seconds: float = 0.5
    most_seconds: float = 10
    healthy_seconds: float = 30
    _next: float | None = field(default=None, init=False)

    def seconds_after(self, ran_for_seconds: float) -> float:
        """The wait after an end that came `ran_for_seconds` after the start."""
        if self._next is None or ran_for_seconds >= self.healthy_seconds:
            self._next = self.first_seconds
        wait, self._next = self._next, min(self._next * 2, self.most_seconds)
        return wait
