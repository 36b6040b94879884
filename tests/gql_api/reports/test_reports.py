"""`reportPreview` and `sendReport`, as an admin uses them."""

from datetime import UTC, datetime, timedelta

from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.messages.stored import store_mailing, store_message
from tests.post_office import PostOffice

TODAY = datetime.now(UTC).date()
YESTERDAY = TODAY - timedelta(days=1)

PREVIEW = """
    query ($date: Date) { reportPreview(date: $date) { date timezone recipients subject html text csv } }
"""
SEND = """
    mutation ($input: SendReportInput) {
        sendReport(input: $input) {
            __typename
            ... on ReportSent { date subject recipients refused }
            ... on UserError { message }
            ... on ReportNotSent { reason }
            ... on InvalidInput { problems { path } }
        }
    }
"""


async def test_todays_report_can_be_seen_before_it_is_sent(api: Api, sql: Sql, post: PostOffice) -> None:
    # Given
    mailing_id = await store_mailing(sql)
    id = await store_message(sql, mailing_id, 1)
    await sql("UPDATE message SET status = 'SENT', sent_at = now() WHERE id = $1", id)

    # When
    data = await api.ask(PREVIEW, date=str(TODAY))

    # Then
    shown = data["reportPreview"]
    assert (shown["date"], shown["timezone"]) == (str(TODAY), "UTC")
    assert shown["subject"].partition(": ")[2] == "1 message sent so far, none lost"
    assert shown["recipients"] == ["ann@example.com", "bob@example.com"]
    assert shown["html"].startswith("<!DOCTYPE html>")
    assert shown["text"].startswith(shown["subject"])
    assert shown["csv"].splitlines()[1].startswith("mailing_1,Hello,RUNNING,")
    assert post.mails == []


async def test_without_a_day_it_is_yesterdays(api: Api, sql: Sql) -> None:
    assert (await api.ask("{ reportPreview { date } }"))["reportPreview"] == {"date": str(YESTERDAY)}


async def test_a_day_to_come_has_no_report(api: Api, sql: Sql) -> None:
    (error,) = await api.errors(PREVIEW, date="2999-01-01")

    assert error["extensions"]["argument"] == "date"
    assert error["message"].startswith("date: must be a day from 2000-01-01 to today")
    refused = (await api.ask(SEND, input={"date": "yesterday"}))["sendReport"]
    assert (refused["__typename"], refused["problems"]) == ("InvalidInput", [{"path": ["date"]}])


async def test_a_report_is_sent_as_often_as_somebody_wants_it_and_the_days_own_leaves_all_the_same(
    api: Api, sql: Sql, post: PostOffice
) -> None:
    answers = [(await api.ask(SEND, input=input))["sendReport"] for input in (None, {}, {"date": str(YESTERDAY)})]

    subject = f"{YESTERDAY:%a} {YESTERDAY.day} {YESTERDAY:%b}: no messages"
    sent = {"__typename": "ReportSent", "date": str(YESTERDAY), "subject": subject}
    assert answers == [sent | {"recipients": ["ann@example.com", "bob@example.com"], "refused": []}] * 3
    assert len({str(mail["Message-ID"]) for mail in post.mails}) == 3
    assert await sql("SELECT FROM daily_report") == []


async def test_who_is_refused_is_told(api: Api, sql: Sql, post: PostOffice) -> None:
    post.refuses["bob@example.com"] = "550 no such user"

    answer = (await api.ask(SEND))["sendReport"]

    assert (answer["recipients"], answer["refused"]) == (["ann@example.com"], ["bob@example.com"])


async def test_what_the_mail_server_says_instead_is_told(api: Api, sql: Sql, post: PostOffice) -> None:
    post.answer = "452 4.3.1 disk full"

    assert (await api.ask(SEND))["sendReport"] == {
        "__typename": "ReportNotSent",
        "message": "The mail server did not take the report.",
        "reason": "452 4.3.1 disk full",
    }


async def test_where_nobody_gets_it_that_is_told(silent_api: Api) -> None:
    assert (await silent_api.ask(SEND))["sendReport"] == {
        "__typename": "ReportSwitchedOff",
        "message": "Nobody gets the report: MAILING_REPORT_TO is empty.",
    }
    shown = (await silent_api.ask("{ reportPreview { subject recipients } }"))["reportPreview"]
    assert (shown["subject"].partition(": ")[2], shown["recipients"]) == ("no messages", [])
