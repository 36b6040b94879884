"""What the migration that brought counters of clients makes of clients who were there before it."""

from mailing.settings import Settings
from tests.db.upgrades import database_at, migrate_to_the_newest


async def test_clients_who_are_there_already_are_counted(settings: Settings) -> None:
    # Given clients of two kinds
    async with database_at(settings, "0006_origins") as (url, old):
        await old.execute(
            """
            INSERT INTO client (phone, operator_code, tag, timezone) VALUES
            (79160000001, '916', 'a', 'UTC'), (79160000002, '916', 'a', 'UTC'), (79160000003, '916', '', 'UTC')
            """
        )

        # When
        migrate_to_the_newest(url)

        # Then they are counted, once
        kinds = await old.fetch("SELECT operator_code, tag, timezone, clients FROM client_kind ORDER BY tag")
        properties = await old.fetch("SELECT property, value, clients FROM client_property ORDER BY 1, 2")
        assert [tuple(row) for row in kinds] == [("916", "", "UTC", 1), ("916", "a", "UTC", 2)]
        assert [tuple(row) for row in properties] == [
            ("", "", 3),
            ("operator_code", "916", 3),
            ("tag", "", 1),
            ("tag", "a", 2),
            ("timezone", "UTC", 3),
        ]


async def test_where_there_is_nobody_nothing_is_counted(settings: Settings) -> None:
    async with database_at(settings, "0006_origins") as (url, old):
        migrate_to_the_newest(url)

        assert await old.fetch("SELECT FROM client_property UNION ALL SELECT FROM client_kind") == []
