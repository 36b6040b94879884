"""What the engine counts on the way of mailings and messages: what was committed, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from mailing.db.unit_of_work import unit_of_work
from mailing.delivery.rescue import rescue_expired
from mailing.delivery.start import start_if_due
from mailing.delivery.sweep import sweep
from mailing.mailings.service import create_mailing
from mailing.metrics import channel, lives, sending, sweeping
from mailing.metrics.committed import once_committed
from mailing.provider.fake import FakeProvider, Scenario
from mailing.settings import Settings
from tests.conftest import Sql
from tests.delivery.conftest import Worker, counts, has_status, new_mailing, run_mailing
from tests.delivery.stories import Clients
from tests.metrics.rises import Rises


async def test_a_mailing_from_its_start_to_its_end(worker: Worker, provider: FakeProvider, clients: Clients) -> None:
    # Given
    await clients(120)
    sent, lived = Rises(sending.area), Rises(lives.area)

    # When
    mailing = await run_mailing(worker)

    # Then
    assert await counts(mailing.id) == {"sent": 120}
    assert sent.of("mailing_message_results_total", status="SENT") == 120
    assert sent.of("mailing_pump_batch_messages_sum", statement="claim") == 120
    assert sent.of("mailing_pump_batch_messages_sum", statement="record") == 120
    assert lived.of("mailing_clients_matched_total") == 120
    assert {
        milestone: lived.of("mailing_milestones_total", milestone=milestone)
        for milestone in ("started", "audience_selected", "finished", "expired")
    } == {"started": 1, "audience_selected": 1, "finished": 1, "expired": 0}
    assert lived.of("mailing_start_lag_seconds_count") == 1


@pytest.mark.usefixtures("forget_jobs")
async def test_a_start_is_as_late_as_it_could_have_been_sooner(sql: Sql) -> None:
    # Given one whose time came a minute ago, one made only now for a time long past, and one edited only now
    late = await create_mailing(new_mailing())
    await sql("UPDATE mailing SET starts_at = now() - interval '60 s', updated_at = now() - interval '1 h'")
    made_late = await create_mailing(new_mailing(starts_at=datetime.now(UTC) - timedelta(days=1)))
    edited = await create_mailing(new_mailing())
    await sql(
        "UPDATE mailing SET created_at = now() - interval '1 d', starts_at = now() - interval '1 h' WHERE id = $1",
        edited.id,
    )

    # When
    lags = []
    for mailing in (late, made_late, edited):
        rises = Rises(lives.area)
        assert await start_if_due(mailing.id, slots=1)
        assert not await start_if_due(mailing.id, slots=1)
        lags.append(rises.of("mailing_start_lag_seconds_sum"))
        assert rises.of("mailing_start_lag_seconds_count") == 1

    # Then
    assert 60 <= lags[0] < 70
    assert lags[1] < 5
    assert lags[2] < 5


async def test_what_is_rolled_back_is_not_counted(database: None) -> None:
    counted: list[int] = []

    async def fail() -> None:
        async with unit_of_work():
            await once_committed(lambda: counted.append(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with unit_of_work():
        await once_committed(lambda: counted.append(2))
        assert counted == []
    assert counted == [2]


@pytest.mark.usefixtures("forget_jobs")
async def test_leases_that_are_taken_back_are_counted_with_their_messages(clients: Clients, sql: Sql) -> None:
    # Given a worker that fell silent with three messages
    await clients(5)
    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, slots=1)
    await sql(
        "INSERT INTO message"
        " (mailing_id, client_id, phone, operator_code, tag, timezone, status, lease_token, attempts)"
        " SELECT $1, id, phone, operator_code, tag, timezone, 'SENDING', 64, 1 FROM client WHERE id <= 3",
        mailing.id,
    )
    await sql("UPDATE delivery_slot SET token = 64, leased_until = now() - interval '1 s'")
    rises = Rises(sweeping.area)

    # When it is looked for twice
    for _ in range(2):
        await rescue_expired(3, 25)

    # Then
    assert rises.of("mailing_leases_taken_back_total") == 1
    assert rises.of("mailing_messages_taken_back_total") == 3


async def test_a_sweep_tells_when_it_was_there_last(settings: Settings, database: None) -> None:
    rises = Rises(sweeping.area)
    await sweep(settings)
    assert rises.of("mailing_sweep_duration_seconds_count") == 1
    assert abs(sweeping.LAST_ROUND._value.get() - datetime.now(UTC).timestamp()) < 5


async def test_a_breaker_that_opens_is_counted_once_and_so_is_each_probe(
    worker: Worker, provider: FakeProvider, clients: Clients
) -> None:
    # Given so few requests that only a refused token can open it
    await clients(15)
    await provider.set_scenario(Scenario(unauthorized=True))
    rises = Rises(channel.area)
    mailing = await create_mailing(new_mailing())

    # When
    await worker.until(lambda: _probed(rises))
    await provider.set_scenario(Scenario())
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert rises.of("mailing_provider_channel_openings_total") == 1
    assert rises.of("mailing_provider_channel_openings_total", cause="TOKEN_REFUSED") == 1
    assert rises.of("mailing_provider_probes_total", outcome="succeeded") == 3


@pytest.mark.parametrize(("max_rate", "least", "most"), [(50, 1.0, 8.0), (None, 0.0, 0.0)])
async def test_the_time_that_a_limit_holds_requests_back_is_counted(
    worker: Worker, clients: Clients, max_rate: int | None, least: float, most: float
) -> None:
    # Given two seconds' worth of messages at that rate
    await clients(100)
    rises = Rises(channel.area)

    # When
    await run_mailing(worker, max_rate=max_rate)
    worker.engine.limits.note_waits()

    # Then
    assert least <= rises.of("mailing_rate_limit_waiting_seconds_total", limit="mailing") <= most
    assert rises.of("mailing_rate_limit_waiting_seconds_total", limit="provider") == 0


async def _probed(rises: Rises) -> bool:
    return rises.of("mailing_provider_probes_total", outcome="failed") >= 1
