"""How far metrics have risen, in a process where other tests count, too."""

from prometheus_client import CollectorRegistry, generate_latest

from tests.metrics.pages import Sheet, read


class Rises:
    """From the moment when it was made."""

    def __init__(self, area: CollectorRegistry) -> None:
        self._area = area
        self._before = self._now()

    def of(self, sample: str, **labels: str) -> float:
        """So far."""
        return self._now().value(sample, **labels) - self._before.value(sample, **labels)

    def _now(self) -> Sheet:
        return read(generate_latest(self._area).decode())
