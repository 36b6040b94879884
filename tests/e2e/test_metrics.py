"""Metrics (R10) of the whole service, as a Prometheus finds them; and that docs/metrics.md says what there is."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import aiohttp

from mailing.cli.watching import TARGETS_FILE
from tests.e2e.office import Office
from tests.e2e.outside import Outside
from tests.e2e.service import Service
from tests.metrics.pages import Sheet, fetch, read

DOCUMENT = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text()
PROCESSES = ("api", "worker", "scheduler")


class Row(NamedTuple):
    """A metric, as the document and the pages have it."""

    name: str
    kind: str
    processes: tuple[str, ...]
    help: str


async def test_what_the_workers_sent_is_what_the_outside_service_took(
    service: Service, office: Office, outside: Outside, http: aiohttp.ClientSession
) -> None:
    # Given
    await outside.play(throttle_share=0.2, retry_after_seconds=0)
    before = await _sheets(service, http, "worker")

    # When
    await office.add_clients(40)
    mailing = await office.create()
    assert await office.result(mailing) == Counter(SENT=40)

    # Then
    after = await _sheets(service, http, "worker")
    took = (await outside.totals())["unique"]

    def rise(sample: str, **labels: str) -> float:
        return sum(page.value(sample, **labels) for page in after) - sum(
            page.value(sample, **labels) for page in before
        )

    assert rise("mailing_provider_request_duration_seconds_count", outcome="ACCEPTED") == took == 40
    assert rise("mailing_message_results_total", status="SENT") == 40
    assert rise("mailing_provider_failures_total", reason="HTTP 429") == await outside.unfulfilled()


async def test_the_document_names_every_metric_and_no_other(service: Service, http: aiohttp.ClientSession) -> None:
    # Given what each part of the running service shows
    shown: dict[str, Row] = {}
    for process in PROCESSES:
        for url in _urls(service, process):
            async with http.get(url) as answer:
                text = await answer.text()
            read(text)  # It is well-formed.
            for name, kind, what in _families(text):
                of = shown[name].processes if name in shown else ()
                shown[name] = Row(name, kind, tuple(dict.fromkeys((*of, process))), what)

    # Then
    documented = {row.name: row for row in _documented()}
    assert sorted(documented.items()) == sorted(shown.items())


def _urls(service: Service, process: str) -> list[str]:
    targets = json.loads((service.data_dir / TARGETS_FILE).read_text())
    return [
        f"http://{target['targets'][0]}/metrics" for target in targets if target["labels"]["part"].startswith(process)
    ]


async def _sheets(service: Service, http: aiohttp.ClientSession, process: str) -> list[Sheet]:
    return [await fetch(http, url) for url in _urls(service, process)]


def _families(text: str) -> list[tuple[str, str, str]]:
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    return [(name, kinds[name], what) for name, what in re.findall(r"^# HELP (\S+) (.*)$", text, re.MULTILINE)]


def _documented() -> list[Row]:
    rows = re.findall(r"^\| `([a-z_]+)` \| (\w+) \| [^|]*\| ([a-z, ]+) \| (.*) \|$", DOCUMENT, re.MULTILINE)
    return [Row(name, kind, tuple(processes.split(", ")), what) for name, kind, processes, what in rows]
