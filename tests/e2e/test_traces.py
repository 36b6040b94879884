"""A mutation, its jobs and their requests to the provider in one trace."""

from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from mailing.cli.preconditions import free_port
from tests.collector import Collector, collecting
from tests.e2e.office import Office, moment
from tests.e2e.service import Service
from tests.gql_api.api import Api
from tests.waiting import until


@pytest.fixture(scope="module")
async def collector() -> AsyncIterator[Collector]:
    async with collecting() as collector:
        yield collector


@pytest.fixture(scope="module")
async def traced(e2e_folder: Path, collector: Collector) -> AsyncIterator[Service]:
    """A service of its own that is told, by OpenTelemetry's variables alone, where its traces go."""
    folder = e2e_folder / "traces"
    folder.mkdir(mode=0o711)
    variables = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint, "OTEL_BSP_SCHEDULE_DELAY": "100"}
    service = Service(folder, free_port(), variables)
    await service.start()
    yield service
    await service.stop_if_running()


@pytest.fixture
def office(traced: Service, http: aiohttp.ClientSession) -> Office:
    return Office(Api(http, traced.address), "traced")


CREATE = """
    mutation Create($input: CreateMailingInput!) { createMailing(input: $input) { ... on Mailing { id } } }
"""


async def create(office: Office, starts_in: float) -> str:
    """A mailing to all clients; its id."""
    times = {"startsAt": moment(starts_in), "endsAt": moment(60)}
    answer = await office.api.ask(CREATE, input={"text": "traced", **times})
    return str(answer["createMailing"]["id"])


async def has_come(collector: Collector) -> bool:
    """Six requests, and all that they are to be joined with."""
    names = Counter(span.name for span in collector.spans)
    parents = {span.parent for span in collector.spans if span.name == "provider.send"}
    whole = parents <= {span.id for span in collector.spans}
    return whole and names["provider.send"] == 6 and names["mutation Create"] == 2 and names["mailing.start"] >= 2


async def test_a_mutation_its_jobs_and_their_requests_are_joined(office: Office, collector: Collector) -> None:
    # Given
    await office.add_clients(3)

    # When
    at_once = await create(office, -1)
    later = await create(office, 1.2)
    for mailing in (at_once, later):
        assert (await office.result(mailing))["SENT"] == 3

    # Then
    await until(partial(has_come, collector))
    by_id = {span.id: span for span in collector.spans}
    creations = [span.trace for span in collector.spans if span.name == "mutation Create"]
    assert len(creations) == 2
    for mailing, creation in zip((at_once, later), creations, strict=True):
        requests = [
            span
            for span in collector.spans
            if span.name == "provider.send" and span.attributes["mailing.id"] == mailing
        ]
        assert [span.process for span in requests] == ["mailing-worker"] * 3
        assert len({span.attributes["mailing.message_id"] for span in requests}) == 3
        assert {span.attributes["mailing.outcome"] for span in requests} == {"ACCEPTED"}
        jobs = [by_id[span.parent] for span in requests]
        assert {job.name for job in jobs} <= {"mailing.start", "mailing.pump"}
        assert all(creation in (job.trace, *job.links) for job in jobs)
        starts = [s for s in collector.spans if s.name == "mailing.start" and s.attributes["mailing.id"] == mailing]
        assert any(creation in (start.trace, *start.links) for start in starts)
