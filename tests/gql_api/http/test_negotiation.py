"""Which form of an answer an Accept header gets: the literal ones are what the clients of that name send."""

import pytest

from gql_api.http.negotiation import Form, accepted

GRAPHQL, JSON, EVENTS, PARTS = Form.GRAPHQL, Form.JSON, Form.EVENTS, Form.PARTS

URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed"
)
APOLLO = (
    "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/graphql-response+json,application/json;q=0.9"
)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("header", "one", "many"),
    [
        (None, JSON, None),
        ("", JSON, None),
        ("*/*", JSON, None),
        (BROWSER, JSON, None),
        ("application/*", JSON, None),
        ("application/json", JSON, None),
        ("APPLICATION/JSON; charset=utf-8", JSON, None),
        ("application/graphql-response+json", GRAPHQL, None),
        ("application/graphql-response+json, application/json", GRAPHQL, None),
        ("application/json, application/graphql-response+json;q=0.9", JSON, None),
        ("application/graphql-response+json, application/json;q=0", GRAPHQL, None),
        ("application/json;q=0, */*", None, None),
        ("text/html", None, None),
        ("application/json;q=0", None, None),
        (";;,,=", None, None),
        ("application/json;q=much", JSON, None),
        ("text/event-stream", EVENTS, EVENTS),
        ("text/event-stream, application/json", JSON, EVENTS),
        ("text/event-stream, application/json;q=0.5", EVENTS, EVENTS),
        ("text/event-stream, */*", JSON, EVENTS),
        (URQL, GRAPHQL, EVENTS),
        ("text/event-stream, multipart/mixed", EVENTS, EVENTS),
        (APOLLO, GRAPHQL, PARTS),
        ("multipart/mixed", None, None),
        ('multipart/mixed; boundary="graphql"; subscriptionSpec="1.0"', None, PARTS),
        ("multipart/mixed;subscriptionSpec=1.0, text/event-stream;q=0.1", EVENTS, PARTS),
        ("multipart/mixed;deferSpec=20220824", None, None),
    ],
)
def test_each_client_gets_what_it_reads_best(header: str | None, one: Form | None, many: Form | None) -> None:
    assert accepted(header) == (one, many)
