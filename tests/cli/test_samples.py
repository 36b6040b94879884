"""The clients who do not exist, and what is loaded at the first start."""

from datetime import time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from mailing.cli.fictional_clients import fictional_clients
from mailing.cli.samples import SAMPLE_CLIENTS, TEXT, load_into_empty_database
from mailing.clients.validation import NewClient, check_client
from mailing.delivery.window import LocalTimeWindow, next_opening
from mailing.models import Mailing, MailingStatus
from tests.conftest import Sql


def test_fictional_clients_are_the_same_each_time_and_valid_and_no_phone_comes_twice() -> None:
    clients = list(islice(fictional_clients(7), 20_000))

    assert clients == list(islice(fictional_clients(7), 20_000))
    assert clients != list(islice(fictional_clients(8), 20_000))
    assert all(check_client(str(c.phone), c.operator_code, c.tag, c.timezone) == c for c in clients)
    assert len({client.phone for client in clients}) == 20_000
    assert {ZoneInfo(client.timezone).key for client in clients} >= {"Europe/Kaliningrad", "Asia/Anadyr"}
    assert {client.tag for client in clients} == {"new", "regular", "promo", "vip", ""}


def test_a_tag_may_be_asked_for() -> None:
    assert {client.tag for client in islice(fictional_clients(1, tag="demo-5"), 100)} == {"demo-5"}


async def test_an_empty_database_gets_clients_and_a_mailing_to_all_of_them(sql: Sql) -> None:
    assert await load_into_empty_database()

    stored = await sql("SELECT phone, operator_code, tag, timezone FROM client ORDER BY id")
    expected = list(islice(fictional_clients(seed=0), SAMPLE_CLIENTS))
    assert [NewClient(**row) for row in stored] == expected
    (mailing,) = await Mailing.all()
    assert (mailing.text, mailing.status) == (TEXT, MailingStatus.SCHEDULED)
    assert (mailing.operator_codes, mailing.tags) == ([], [])
    assert (mailing.window_opens_at, mailing.window_closes_at) == (time(9), time(18))
    assert mailing.ends_at - mailing.starts_at == timedelta(days=1)


async def test_the_mailing_cannot_be_over_within_an_hour_whenever_it_begins(database: None) -> None:
    """Who takes the tour finds it running."""
    await load_into_empty_database()
    (mailing,) = await Mailing.all()
    assert mailing.window_opens_at is not None
    assert mailing.window_closes_at is not None
    window = LocalTimeWindow(mailing.window_opens_at, mailing.window_closes_at)
    zones = {client.timezone for client in islice(fictional_clients(seed=0), SAMPLE_CLIENTS)}

    for minutes in range(0, 24 * 60, 10):
        begin = mailing.starts_at + timedelta(minutes=minutes)
        openings = [next_opening(window, zone, begin) or mailing.ends_at for zone in zones]
        assert max(openings) >= begin + timedelta(minutes=50), f"all are open soon after {begin}"


async def test_a_second_time_nothing_is_loaded_also_where_only_a_client_or_a_mailing_is_left(sql: Sql) -> None:
    await load_into_empty_database()
    for table in ("client", "mailing"):
        assert not await load_into_empty_database()
        await sql(f"DELETE FROM {table} WHERE id > 1")
    assert [row["n"] for row in await sql("SELECT count(*) AS n FROM client")] == [1]
