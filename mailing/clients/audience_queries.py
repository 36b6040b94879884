"""How many clients there are of which kind, from the counters that triggers keep: exact at every moment.

What has changed lately stands in a table of its own until `settle_counts` moves it to the others. The view
`client_group` has both, so a kind may stand there several times: only sums mean something.
"""

from collections import defaultdict

from mailing.clients.audience import MOST_GROUPS, Audience, AudienceGroup
from mailing.clients.filter import ClientFilter
from mailing.db.locks import try_lock_client_counts
from mailing.db.orm import fetch, fetch_value
from mailing.db.unit_of_work import unit_of_work

CHANGES_A_STEP = 10_000
"""That are settled in one transaction, about 30 ms."""

# GROUPING has a bit for each column, set where the group is not by that column.
_LIST_OF = {0b011: "operator_code", 0b101: "tag", 0b110: "timezone"}
_EVERYBODY = 0b111


async def read_audience(matching: ClientFilter) -> Audience:
    """The clients that match, counted. Equally large groups come by their value."""
    parameters: list[object] = []
    lists = " UNION ALL ".join(
        f"""
        (SELECT list, {name} AS value, clients FROM counted WHERE list = {number} AND clients > 0
         ORDER BY clients DESC, {name} COLLATE "C" LIMIT {MOST_GROUPS})
        """
        for number, name in _LIST_OF.items()
    )
    rows = await fetch(
        f"""
        WITH counted AS MATERIALIZED (
            SELECT operator_code, tag, timezone, GROUPING(operator_code, tag, timezone) AS list,
                   coalesce(sum(clients), 0)::bigint AS clients
            FROM client_group {_where(matching.conditions(parameters))}
            GROUP BY GROUPING SETS ((), (operator_code), (tag), (timezone))
        )
        SELECT list, '' AS value, clients FROM counted WHERE list = {_EVERYBODY} UNION ALL {lists}
        """,
        *parameters,
    )
    groups: defaultdict[int, list[AudienceGroup]] = defaultdict(list)
    for row in rows:
        groups[row["list"]].append(AudienceGroup(row["value"], row["clients"]))
    (everybody,) = groups[_EVERYBODY]
    return Audience(everybody.total, *(tuple(groups[number]) for number in _LIST_OF))


async def count_matching(matching: ClientFilter, tag_pattern: str | None = None) -> int:
    """How many clients match, and if `tag_pattern` is given have a tag that it, too, matches."""
    parameters: list[object] = []
    conditions = matching.conditions(parameters) + _tag_matches(tag_pattern, parameters)
    count: int = await fetch_value(
        f"SELECT coalesce(sum(clients), 0)::bigint FROM client_group {_where(conditions)}", *parameters
    )
    return count


async def tags_like(tag_pattern: str, matching: ClientFilter, limit: int) -> list[str]:
    """Tags that match the expression, of clients that match the filter; perhaps also some that nobody has any more."""
    parameters: list[object] = []
    conditions = matching.conditions(parameters) + _tag_matches(tag_pattern, parameters)
    rows = await fetch(f"SELECT DISTINCT tag FROM client_group {_where(conditions)} LIMIT {limit:d}", *parameters)
    return [row["tag"] for row in rows]


async def settle_counts(steps: int) -> None:
    """Move what has changed to the other counters, so that reading them stays cheap: at most so many steps now.

    One process at a time does it; another finds nothing to do. A crash leaves whole steps behind.
    """
    for _ in range(steps):
        if not await fetch("SELECT FROM client_count_change LIMIT 1") or not await _settle():
            break


async def _settle() -> bool:
    """One step; False if somebody else is at it."""
    async with unit_of_work():
        if not await try_lock_client_counts():
            return False
        await fetch(
            """
            WITH moved AS (
                DELETE FROM client_count_change
                WHERE ctid = ANY (ARRAY(SELECT ctid FROM client_count_change LIMIT $1)) RETURNING *
            )
            MERGE INTO client_count AS c
            USING (
                SELECT operator_code, tag, timezone, sum(clients) AS clients FROM moved
                GROUP BY 1, 2, 3 HAVING sum(clients) <> 0
            ) AS m ON c.operator_code = m.operator_code AND c.tag = m.tag AND c.timezone = m.timezone
            WHEN MATCHED AND c.clients + m.clients = 0 THEN DELETE
            WHEN MATCHED THEN UPDATE SET clients = c.clients + m.clients
            WHEN NOT MATCHED THEN INSERT (operator_code, tag, timezone, clients)
                VALUES (m.operator_code, m.tag, m.timezone, m.clients)
            """,
            CHANGES_A_STEP,
        )
    return True


def _tag_matches(pattern: str | None, parameters: list[object]) -> list[str]:
    if pattern is None:
        return []
    parameters.append(pattern)
    return [f"tag ~ ${len(parameters)}"]


def _where(conditions: list[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""
