"""Jobs that the service wakes by itself are joined to the operation that created their mailing."""

from mailing.delivery.spans import job_span
from mailing.delivery.start import start
from mailing.delivery.turn import take_turn
from mailing.mailings.service import create_mailing
from mailing.models import Mailing
from mailing.origin import Origin
from tests.delivery.conftest import Worker, counts, new_mailing
from tests.delivery.stories import Clients
from tests.spans import Spans

TRACE = "0af7651916cd43dd8448eb211c80319c"


async def test_start_and_pump_lead_to_the_operation_that_created_the_mailing(
    worker: Worker, clients: Clients, spans: Spans
) -> None:
    # Given a mailing that nobody is told of
    await clients(3)
    worker.asleep = True
    mailing = await create_mailing(new_mailing())
    origin = Origin("5f0c", "alice", f"00-{TRACE}-b7ad6b7169203331-01")
    await Mailing.all().update(origin=origin.as_data())

    # When
    with job_span("mailing.start", mailing.id, None):
        await start(mailing.id, slots=1)
    with job_span("mailing.pump", mailing.id, None):
        await take_turn(worker.engine, mailing.id)

    # Then
    assert await counts(mailing.id) == {"sent": 3}
    jobs = {span.name: span for span in spans() if span.parent is None}
    assert {name: [f"{link.context.trace_id:032x}" for link in job.links] for name, job in jobs.items()} == {
        "mailing.start": [TRACE],
        "mailing.pump": [TRACE],
    }
    pump = jobs["mailing.pump"].context
    assert pump is not None
    requests = [span for span in spans() if span.name == "provider.send"]
    assert [span.parent and span.parent.span_id for span in requests] == [pump.span_id] * 3
