"""Pages of metrics, read as Prometheus reads them."""

from dataclasses import dataclass

import aiohttp
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

Labels = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """One page."""

    families: dict[str, Metric]

    def value(self, sample: str, **labels: str) -> float:
        """The sum of the samples of that name with at least these labels; 0 without one."""
        return sum(
            found.value
            for family in self.families.values()
            for found in family.samples
            if found.name == sample and labels.items() <= found.labels.items()
        )

    def has(self, family: str) -> bool:
        return family in self.families


def read(text: str) -> Sheet:
    """Raises ValueError for what is no page."""
    return Sheet({family.name: family for family in text_string_to_metric_families(text)})


async def fetch(http: aiohttp.ClientSession, url: str) -> Sheet:
    """Ask a process."""
    async with http.get(url) as response:
        assert response.status == 200, await response.text()
        assert response.headers["Content-Type"].startswith("text/plain; version="), response.headers
        return read(await response.text())
