"""The sweep: brings back to life whatever lost its wake-up, and does no harm when it runs twice."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from mailing import jobs
from mailing.db import orm
from mailing.delivery import rescue, sweep_failures
from mailing.delivery import sweep as module
from mailing.delivery.ending import expire
from mailing.delivery.selection import select_audience
from mailing.delivery.start import start_due, start_if_due
from mailing.delivery.sweep import AT_ONCE, sweep, tidy_up
from mailing.delivery.wake_queries import wake_pumps
from mailing.jobs import Job
from mailing.mailings.service import create_mailing, pause_mailing
from mailing.outage import Outage
from mailing.roles import Role
from mailing.sessions.records import Person
from mailing.sessions.service import begin_session
from mailing.settings import Settings
from tests.conftest import Sql
from tests.delivery.accounts import assert_accounts_are_exact
from tests.delivery.conftest import Worker, counts, has_status, new_mailing
from tests.delivery.stories import Clients


@pytest.fixture
def database_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep has met no outage yet."""
    outage = Outage("sweep.database_failed")
    monkeypatch.setattr(sweep_failures, "database", outage)
    monkeypatch.setattr(module, "database", outage)


async def lose_the_database(*_: object) -> None:
    raise ConnectionResetError


async def meet_a_bug(*_: object) -> None:
    raise KeyError("bug")


async def test_a_mailing_whose_wake_ups_were_all_lost_is_sent_all_the_same(
    worker: Worker, clients: Clients, sql: Sql
) -> None:
    # Given a queue that loses everything, while the sweep has sent its own wake-ups too
    await clients(50)
    worker.asleep = True
    mailing = await create_mailing(new_mailing())
    for _ in range(3):
        await worker.sweep()
        await sql("UPDATE mailing SET woken_at = now() - interval '6 seconds'")
    assert await counts(mailing.id) == {}

    # When
    worker.asleep = False
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert await counts(mailing.id) == {"sent": 50}
    await assert_accounts_are_exact()


async def test_a_pump_whose_wake_up_was_lost_is_woken_again_after_some_seconds(
    clients: Clients, sql: Sql, sent_jobs: list[Job]
) -> None:
    # Given
    await clients(10)
    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, slots=3)
    await select_audience(mailing.id)

    # Then one wake-up for each free slot, and no more until they must be taken for lost
    assert await wake_pumps(100) == [mailing.id] * 3
    assert await wake_pumps(100) == []
    await sql("UPDATE delivery_slot SET woken_at = now() - interval '6 seconds'")
    assert await wake_pumps(2) == [mailing.id] * 2


async def test_a_pump_whose_wake_up_the_queue_refused_is_woken_as_soon_as_the_queue_is_back(
    clients: Clients, sql: Sql, settings: Settings
) -> None:
    # Given
    await clients(10)
    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, slots=1)
    await select_audience(mailing.id)
    sent: list[Job] = []
    queue_is_back = False

    async def send(job: Job) -> None:
        if not queue_is_back:
            raise ConnectionRefusedError
        sent.append(job)

    # When several rounds cannot tell anybody, and then one can
    jobs.send_through(send)
    for _ in range(3):
        await sweep(settings)
    queue_is_back = True
    await sweep(settings)
    jobs.send_through(None)

    # Then nothing waits for the effect of wake-ups that never left
    assert sent == [Job("mailing.pump", mailing.id)]


async def test_nobody_is_woken_for_what_must_not_be_sent(clients: Clients, sql: Sql, forget_jobs: None) -> None:
    # Given
    await clients(10)
    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, slots=2)
    await select_audience(mailing.id)
    conditions = (
        "UPDATE mailing SET status = 'PAUSED'",
        "UPDATE mailing SET ends_at = now()",
        "UPDATE mailing SET recheck_cursor = 0",
        "UPDATE message SET due_at = now() + interval '1 minute'",
    )

    # Then
    for condition in conditions:
        (before,) = await sql("SELECT status, ends_at, recheck_cursor FROM mailing")
        await sql(condition)
        assert await wake_pumps(100) == [], condition
        await sql("UPDATE mailing SET status = $1, ends_at = $2, recheck_cursor = $3", *before.values())
        await sql("UPDATE message SET due_at = now()")
    assert len(await wake_pumps(100)) == 2


async def test_many_sweeps_at_once_start_each_mailing_once(sql: Sql, sent_jobs: list[Job]) -> None:
    # Given
    ids = [(await create_mailing(new_mailing())).id for _ in range(20)]
    sent_jobs.clear()

    # When
    started = await asyncio.gather(*(start_due(2, AT_ONCE) for _ in range(4)))

    # Then
    assert sum(started) == 20
    assert sorted(job.mailing_id for job in sent_jobs) == ids
    assert await sql("SELECT count(*) AS n FROM delivery_slot") == [{"n": 40}]
    assert await sql("SELECT DISTINCT status, revision FROM mailing") == [{"status": "RUNNING", "revision": 2}]


async def test_a_mailing_is_not_started_before_its_time(sql: Sql, sent_jobs: list[Job]) -> None:
    # Given
    await create_mailing(new_mailing(starts_at=datetime.now(UTC) + timedelta(minutes=30)))

    # Then
    assert await start_due(2, AT_ONCE) == 0
    assert sent_jobs == []


async def test_what_has_changed_of_clients_is_settled_in_the_counters(
    settings: Settings, clients: Clients, sql: Sql, forget_jobs: None
) -> None:
    # Given
    await clients(3)

    # When
    await sweep(settings)

    # Then
    assert await sql("SELECT FROM client_count_change") == []
    assert await sql("SELECT clients FROM client_property_count WHERE property = ''") == [{"clients": 3}]


async def test_a_step_that_fails_does_not_keep_the_others_from_their_turn(
    settings: Settings, clients: Clients, sql: Sql, forget_jobs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, slots=1)
    await sql("UPDATE mailing SET ends_at = now()")
    monkeypatch.setattr(module, "start_due", lose_the_database)
    monkeypatch.setattr(module, "wake_pumps", meet_a_bug)

    # When
    await sweep(settings)

    # Then
    assert await sql("SELECT closed_as FROM mailing") == [{"closed_as": "EXPIRED"}]


async def test_a_paused_mailing_ends_when_its_end_comes(worker: Worker, clients: Clients, sql: Sql) -> None:
    # Given
    await clients(5)
    worker.asleep = True
    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, slots=1)
    await pause_mailing(mailing.id)

    # When
    await sql("UPDATE mailing SET ends_at = now()")
    worker.asleep = False
    await sql("UPDATE mailing SET woken_at = NULL")
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert await counts(mailing.id) == {"expired": 5}
    await assert_accounts_are_exact()


async def test_tidying_up_forgets_old_tallies_only(sql: Sql) -> None:
    # Given
    await sql("INSERT INTO mailing_tally VALUES (1, now() - interval '2 hours', 0, 5), (1, now(), 0, 7)")

    # When
    await tidy_up()

    # Then
    assert await sql("SELECT sent FROM mailing_tally") == [{"sent": 7}]


@pytest.mark.usefixtures("database", "forget_jobs", "database_outage")
async def test_a_database_that_is_away_is_told_once_for_all_steps_and_rounds(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # When all that reads from it fails for three rounds, and then works again
    with capture_logs() as logs:
        with monkeypatch.context() as patch:
            for name in (
                "start_due", "mailings_past_their_end", "rescue_expired", "wake_selections", "mailings_that_may_be_done"
            ):  # fmt: skip
                patch.setattr(module, name, lose_the_database)
            for _ in range(3):
                await sweep(settings)
        await sweep(settings)
        await sweep(settings)

    # Then
    first, over = logs
    assert first == {
        "event": "sweep.database_failed",
        "log_level": "warning",
        "error": "ConnectionResetError()",
        "step": "start_due",
    }
    assert (over["event"], over["log_level"]) == ("sweep.database_failed.over", "info")


async def test_who_was_signed_in_is_forgotten_once_that_is_over(sql: Sql) -> None:
    person = Person("https://login.example.com", "ada", "Ada", Role.VIEWER, "token")
    for lasting in (timedelta(0), timedelta(hours=1)):
        await begin_session(person, lasting)

    await tidy_up()

    assert [row["still"] for row in await sql("SELECT expires_at > now() AS still FROM session")] == [True]


@pytest.mark.usefixtures("database", "forget_jobs", "database_outage")
async def test_one_step_that_the_database_fails_in_every_round_is_no_outage_that_comes_and_goes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "rescue_expired", lose_the_database)
    with capture_logs() as logs:
        for _ in range(3):
            await sweep(settings)
    told = [entry["step"] for entry in logs if entry["event"] == "sweep.database_failed"]
    assert told == ["rescue_expired"]


@pytest.mark.usefixtures("database", "forget_jobs")
async def test_a_bug_in_a_step_is_told_with_its_name_and_its_traceback(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # When
    monkeypatch.setattr(module, "wake_pumps", meet_a_bug)
    monkeypatch.setattr(module, "forget_old_tallies", meet_a_bug)
    with capture_logs() as logs:
        await sweep(settings)
        await tidy_up()

    # Then
    told = [entry for entry in logs if entry["event"] == "sweep.step_failed"]
    assert [(entry["step"], entry["log_level"], repr(entry["exc_info"])) for entry in told] == [
        ("wake_workers", "error", "KeyError('bug')"),
        ("forget_old_tallies", "error", "KeyError('bug')"),
    ]


@pytest.mark.usefixtures("forget_jobs")
async def test_a_bug_with_one_mailing_or_one_lease_names_it_and_spares_the_others(
    settings: Settings, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given two mailings past their end, and a lease of a worker that fell silent
    ids = [(await create_mailing(new_mailing())).id for _ in range(2)]
    for mailing_id in ids:
        await start_if_due(mailing_id, slots=1)
    await sql("UPDATE mailing SET ends_at = now()")
    await sql(
        "UPDATE delivery_slot SET token = 64, leased_until = now() - interval '1 s' WHERE mailing_id = $1", ids[0]
    )

    async def fail_with_the_first(mailing_id: int) -> None:
        if mailing_id == ids[0]:
            raise KeyError("bug")
        await expire(mailing_id)

    # When
    monkeypatch.setattr(module, "expire", fail_with_the_first)
    monkeypatch.setattr(rescue, "take_back", meet_a_bug)
    with capture_logs() as logs:
        await sweep(settings)

    # Then
    failures = [entry for entry in logs if entry["event"] == "sweep.step_failed"]
    assert [repr(entry.pop("exc_info")) for entry in failures] == ["KeyError('bug')"] * 2
    told = {"event": "sweep.step_failed", "log_level": "error"}
    assert failures == [
        told | {"step": "expire_overdue", "mailing_id": ids[0]},
        told | {"step": "rescue_expired", "token": 64},
    ]
    assert await sql("SELECT closed_as FROM mailing ORDER BY id") == [{"closed_as": None}, {"closed_as": "EXPIRED"}]


@pytest.mark.usefixtures("database", "forget_jobs")
async def test_a_round_that_takes_several_intervals_is_told_with_its_slowest_step(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an interval of 0.1 s
    async def dawdle(*_: int) -> int:
        await orm.fetch("SELECT pg_sleep(0.6)")
        return 0

    hasty = settings.model_copy(update={"sweep_interval_seconds": 0.1})

    # When
    with capture_logs() as logs:
        await sweep(hasty)
        monkeypatch.setattr(module, "rescue_expired", dawdle)
        await sweep(settings)
        await sweep(hasty)

    # Then
    (slow,) = logs
    assert 0.6 <= slow.pop("seconds") < 5
    assert slow == {"event": "sweep.slow", "log_level": "warning", "slowest_step": "rescue_expired"}
