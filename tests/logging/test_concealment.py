"""What never reaches a line."""

import time
from typing import Any

import pytest

from mailing.access_tokens.secret import make_secret
from mailing.logging.concealment import Concealment

STRICT = Concealment(["of-the-provider"])
OPEN = Concealment(["of-the-provider"], personal_data=True)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("phone", 79001234567, "7900*****67"),
        ("phone", "79001234567", "7900*****67"),
        ("phone", "no phone at all", "***"),
        ("phones", [79001234567, None], ["7900*****67", None]),
        ("text", "Добрый день!", "<12 characters>"),
        ("excerpt", '{"code": 17}', "<12 characters>"),
        ("new", {"phone": 79001234567, "tag": "vip"}, {"phone": "7900*****67", "tag": "vip"}),
        ("number", 79001234567, "7900*****67"),
        ("error", "no such client: +79001234567, or 79001234568.", "no such client: +7900*****67, or 7900*****68."),
        ("error", "message_79001234567 at 1.79001234567", "message_79001234567 at 1.79001234567"),
        ("Client-Phone", None, None),
        ("Text", "Добрый день!", "<12 characters>"),
        ("unsent_bytes", 70_000, 70_000),
        ("is_news", True, True),
    ],
)
def test_personal_data_is_shown_only_where_it_is_switched_on(name: str, value: Any, shown: Any) -> None:
    assert STRICT.of(name, value) == shown
    assert OPEN.of(name, value) == value


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("token", "anything", "***"),
        ("password", "anything", "***"),
        ("headers", {"cookie": "a=b", "accept": "c"}, {"cookie": "***", "accept": "c"}),
        ("error", "401 for of-the-provider", "401 for ***"),
        ("error", "Bearer abc.def", "Bearer ***"),
        ("error", "it was eyJhbGciOi.eyJzdWIi.c2ln, said it", "it was ***, said it"),
        ("url", "postgres://me:p%40ss@host/name", "postgres://***@host/name"),
        ("error", "Cookie: a=b; c=d", "Cookie: ***"),
        ("headers", {"Set-Cookie": "a=b", "Authorization": "c"}, {"Set-Cookie": "***", "Authorization": "***"}),
        ("url", "postgres://me:p@s:s@host/name", "postgres://***@host/name"),
        ("url", "postgres://host/name?user=me&password=hunter22&a=b", "postgres://host/name?user=me&password=***&a=b"),
        ("error", """{'password': 'two words', "token":"x"}""", """{'password': '***', "token":"***"}"""),
        ("error", ValueError("401 for of-the-provider"), "ValueError('401 for ***')"),
        ("error", b"401 for of-the-provider", "b'401 for ***'"),
        ("error", "Unexpected token: )", "Unexpected token: )"),
        ("token_id", "token_7", "token_7"),
        ("token_kept", True, True),
    ],
)
def test_a_secret_is_never_shown(name: str, value: Any, shown: Any) -> None:
    assert [STRICT.of(name, value), OPEN.of(name, value)] == [shown, shown]


def test_an_api_token_is_known_by_its_shape() -> None:
    assert OPEN.of("error", f"<{make_secret()}>") == "<mailing_***>"


def test_a_traceback_keeps_its_source_and_the_names_in_its_error_and_loses_quoted_texts() -> None:
    traceback = "\n".join(
        [
            "Traceback (most recent call last):",
            '  File "/srv/a b/c.py", line 1, in f',
            "    raise ValueError('a b')",
            "ValueError: 'Your order is ready' breaks \"client_phone_key\" of 79001234567; can't go on, don't",
        ]
    )

    *source, error = STRICT.of_exception(traceback).split("\n")

    assert source == traceback.split("\n")[:3]
    assert error == "ValueError: <19 characters> breaks \"client_phone_key\" of 7900*****67; can't go on, don't"
    assert OPEN.of_exception(traceback) == traceback


def test_quotes_go_from_groups_of_errors_and_from_indented_lines_too() -> None:
    traceback = "\n".join(
        [
            '  |   File "/srv/a b/c.py", line 1, in f',
            "  |     raise ValueError('a b')",
            "  | ValueError: 'Your order is ready'",
            "  Input should be less [input_value='Your order', input_type=str]",
            "ValueError: text='Your order is re...",
        ]
    )

    assert STRICT.of_exception(traceback).split("\n")[2:] == [
        "  | ValueError: <19 characters>",
        "  Input should be less [input_value=<10 characters>, input_type=str]",
        "ValueError: text=<19 characters>",
    ]


def test_a_row_that_the_database_does_not_take_is_not_shown() -> None:
    error = (
        "CheckViolationError: no\nDETAIL:  Failing row contains (1, Your order\n(7) is ready, 79001234567).\nHINT: x"
    )

    shown = STRICT.of_exception(error)

    assert shown == "CheckViolationError: no\nDETAIL:  Failing row contains (<39 characters>).\nHINT: x"


@pytest.mark.parametrize(
    "piece", ["'a b ", "a:", "eyJ", "://a:", "password=", "\"a b' ", "7900", "Failing row contains ("]
)
def test_whatever_somebody_sends_is_gone_through_at_once_and_cut(piece: str) -> None:
    # Given what an expression that tries again and again would need minutes for
    text = "://" + piece * 100_000

    # When
    began = time.process_time()
    shown = STRICT.of_exception(text)

    # Then
    assert time.process_time() - began < 2
    assert len(shown) < 20_100
