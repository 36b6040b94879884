import pytest

from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import add_clients

AUDIENCE = """
query ($filter: MailingFilterInput, $first: Int) {
  audience(filter: $filter) {
    total
    byOperatorCode(first: $first) { value total } byTag { value total } byTimezone { value total }
  }
}
"""


@pytest.fixture
async def _clients(sql: Sql) -> None:
    await sql(
        """
        INSERT INTO client (phone, operator_code, tag, timezone) VALUES
        (79160000001, '916', 'a', 'UTC'), (79160000002, '916', 'b', 'UTC'),
        (79260000003, '926', 'a', 'Asia/Omsk'), (79260000004, '926', '', 'UTC')
        """
    )


@pytest.mark.usefixtures("_clients")
@pytest.mark.parametrize(
    ("filter", "total", "codes", "tags", "zones"),
    [
        (None, 4, {"916": 2, "926": 2}, {"a": 2, "": 1, "b": 1}, {"UTC": 3, "Asia/Omsk": 1}),
        ({"operatorCodes": ["926"]}, 2, {"926": 2}, {"": 1, "a": 1}, {"Asia/Omsk": 1, "UTC": 1}),
        ({"tags": ["a", ""]}, 3, {"926": 2, "916": 1}, {"a": 2, "": 1}, {"UTC": 2, "Asia/Omsk": 1}),
        ({"operatorCodes": ["916"], "tags": ["b"]}, 1, {"916": 1}, {"b": 1}, {"UTC": 1}),
        ({"operatorCodes": ["1"]}, 0, {}, {}, {}),
    ],
)
async def test_those_whom_a_mailing_would_choose_are_counted_the_largest_groups_first(
    api: Api,
    filter: dict[str, object] | None,
    total: int,
    codes: dict[str, int],
    tags: dict[str, int],
    zones: dict[str, int],
) -> None:
    assert await api.ask(AUDIENCE, filter=filter) == {
        "audience": {
            "total": total,
            "byOperatorCode": _groups(codes),
            "byTag": _groups(tags),
            "byTimezone": _groups(zones),
        }
    }


async def test_of_very_many_groups_the_largest_thousand_are_told(api: Api, sql: Sql) -> None:
    await sql(
        """
        INSERT INTO client (phone, operator_code, tag, timezone)
        SELECT 79160000000 + n, '916', 'tag ' || lpad((n % 1001)::text, 4, '0'), 'UTC' FROM generate_series(1, 1003) n
        """
    )

    audience = (await api.ask(AUDIENCE))["audience"]

    assert audience["total"] == 1003
    assert audience["byTag"] == _groups(
        {"tag 0001": 2, "tag 0002": 2} | {f"tag {n:04}": 1 for n in (0, *range(3, 1000))}
    )


async def test_fewer_groups_can_be_asked_for_but_not_more(api: Api, sql: Sql) -> None:
    await add_clients(sql, 2)
    await sql("UPDATE client SET operator_code = '9' WHERE id = 2")

    assert (await api.ask(AUDIENCE, first=1))["audience"]["byOperatorCode"] == _groups({"9": 1})
    for first in (0, 1001):
        (error,) = await api.errors(AUDIENCE, first=first)
        assert error["message"] == f"first: must be 1 to 1,000; given: {first}"


async def test_a_filter_that_nothing_can_match_is_refused(api: Api) -> None:
    (error,) = await api.errors(AUDIENCE, filter={"operatorCodes": ["x"]})

    assert error["extensions"]["argument"] == "filter"
    assert error["message"] == 'filter.operatorCodes.0: must be 1 to 8 digits, such as 916; given: "x"'


def _groups(counts: dict[str, int]) -> list[dict[str, object]]:
    return [{"value": value, "total": total} for value, total in counts.items()]
