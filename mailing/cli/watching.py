"""Where the parts of `mailing up` show their metrics, and how a Prometheus on this machine finds them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mailing.cli.parts import base_url
from mailing.cli.preconditions import check_port_is_free, free_port

if TYPE_CHECKING:
    from mailing.settings import Settings

TARGETS_FILE = "prometheus-targets.json"
"""In the data directory; deploy/prometheus/prometheus.yml reads it."""


def choose_ports(settings: "Settings", workers: int) -> dict[str, int]:
    """A port for each part but the API, which has /metrics on its own: counted on from MAILING_METRICS_PORT, or any.

    Raises CommandError where one of those that were asked for is in use.
    """
    parts = ["scheduler", *(f"worker {n}" for n in range(1, workers + 1))]
    first = settings.metrics_port
    if first is None:
        return {part: free_port() for part in parts}
    for port in range(first, first + len(parts)):
        check_port_is_free(settings.metrics_host, port, "choose another MAILING_METRICS_PORT")
    return {part: first + n for n, part in enumerate(parts)}


def addresses(settings: "Settings", api_url: str, ports: Mapping[str, int]) -> dict[str, str]:
    """Of each part, by its name."""
    own = {part: f"{base_url(settings.metrics_host, port)}/metrics" for part, port in ports.items()}
    return {"api": f"{api_url}/metrics", **own}


def write_targets(folder: Path, metrics: Mapping[str, str]) -> None:
    """For Prometheus, which looks for changes of the file by itself."""
    targets = [{"targets": [urlsplit(url).netloc], "labels": {"part": part}} for part, url in metrics.items()]
    (folder / TARGETS_FILE).write_text(json.dumps(targets, indent=2) + "\n")
