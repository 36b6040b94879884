"""How many clients there are of which kind, from the counters that triggers keep: exact at every moment.

What has changed lately stands in a table of its own until `settle_counts` moves it to the counters. Two views have
both: `client_kind`, by operator code, tag and zone together, and `client_property`, by each of them alone. There a
kind may stand several times: only sums mean something.
"""

from collections import defaultdict

from mailing.clients.audience import MOST_GROUPS, Audience, AudienceGroup
from mailing.clients.filter import ClientFilter, where
from mailing.db.locks import try_lock_client_counts
from mailing.db.orm import fetch, fetch_value
from mailing.db.unit_of_work import unit_of_work

CHANGES_A_STEP = 10_000
"""That are settled in one transaction, in about 50 ms."""

_LISTS = ("operator_code", "tag", "timezone")

_OF_ALL = "SELECT property, value, sum(clients)::bigint AS clients FROM client_property GROUP BY 1, 2"

# GROUPING has a bit for each column, set where the group is not by that column.
_OF_SOME = """
    SELECT CASE GROUPING(operator_code, tag, timezone)
               WHEN 3 THEN 'operator_code' WHEN 5 THEN 'tag' WHEN 6 THEN 'timezone' ELSE '' END AS property,
           coalesce(operator_code, tag, timezone, '') AS value, sum(clients)::bigint AS clients
    FROM client_kind {where}
    GROUP BY GROUPING SETS ((), (operator_code), (tag), (timezone))
"""

_LARGEST = " UNION ALL ".join(
    f"""
    (SELECT * FROM counted WHERE property = '{name}' AND clients > 0
     ORDER BY clients DESC, value COLLATE "C" LIMIT {MOST_GROUPS})
    """
    for name in ("", *_LISTS)
)


async def read_audience(matching: ClientFilter) -> Audience:
    """The clients that match, counted. Equally large groups come by their value."""
    parameters: list[object] = []
    conditions = matching.conditions(parameters)
    counted = _OF_SOME.format(where=where(conditions)) if conditions else _OF_ALL
    rows = await fetch(f"WITH counted AS MATERIALIZED ({counted}) {_LARGEST}", *parameters)
    groups: defaultdict[str, list[AudienceGroup]] = defaultdict(list)
    for row in rows:
        groups[row["property"]].append(AudienceGroup(row["value"], row["clients"]))
    total = sum(group.total for group in groups[""])
    return Audience(total, *(tuple(groups[name]) for name in _LISTS))


async def count_matching(matching: ClientFilter, tag_pattern: str | None = None) -> int:
    """How many clients match, and if `tag_pattern` is given have a tag that it, too, matches."""
    parameters: list[object] = []
    if matching.operator_codes and (matching.tags or tag_pattern is not None):
        source, conditions = "client_kind", matching.conditions(parameters)
        conditions += _tag_matches("tag", tag_pattern, parameters)
    else:
        source, conditions = "client_property", _one_property(matching, tag_pattern, parameters)
    count: int = await fetch_value(
        f"SELECT coalesce(sum(clients), 0)::bigint FROM {source} {where(conditions)}", *parameters
    )
    return count


async def tags_like(tag_pattern: str, among: tuple[str, ...], limit: int) -> list[str]:
    """Tags that match the expression, if `among` holds any only those of them; perhaps also some that nobody has."""
    parameters: list[object] = []
    conditions = _one_property(ClientFilter(tags=among), tag_pattern, parameters)
    rows = await fetch(f"SELECT DISTINCT value FROM client_property {where(conditions)} LIMIT {limit:d}", *parameters)
    return [row["value"] for row in rows]


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
        await fetch("SELECT settle_client_counts($1)", CHANGES_A_STEP)
    return True


def _one_property(matching: ClientFilter, tag_pattern: str | None, parameters: list[object]) -> list[str]:
    """In `client_property`: operator codes, or tags, or neither."""
    if matching.operator_codes:
        parameters.append(list(matching.operator_codes))
        return ["property = 'operator_code'", "value = ANY($1::text[])"]
    among = []
    if matching.tags:
        parameters.append(list(matching.tags))
        among = ["value = ANY($1::text[])"]
    conditions = among + _tag_matches("value", tag_pattern, parameters)
    return ["property = 'tag'", *conditions] if conditions else ["property = ''"]


def _tag_matches(column: str, pattern: str | None, parameters: list[object]) -> list[str]:
    if pattern is None:
        return []
    parameters.append(pattern)
    return [f"{column} ~ ${len(parameters)}"]
