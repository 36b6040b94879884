from contextlib import suppress
from dataclasses import fields

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailing.provider.fake.scenario import (
    SHARES,
    Scenario,
    ScenarioError,
    scenario_from_json,
    scenario_to_json,
)

NUMBER_0_TO_1 = "must be a number from 0 to 1"


def problems_of(given: object) -> dict[str, str]:
    with pytest.raises(ScenarioError) as caught:
        scenario_from_json(given if isinstance(given, bytes) else orjson.dumps(given))
    return caught.value.problems


def test_an_empty_object_is_the_default_scenario() -> None:
    assert scenario_from_json(b"{}") == Scenario()


def test_a_scenario_goes_to_json_and_back() -> None:
    scenario = Scenario(
        seed=7, latency_ms=(5, 20.5), error_share=0.5, code_share=0.25, code=-1, required_token="t", idempotent=False
    )

    assert scenario_from_json(scenario_to_json(scenario)) == scenario


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        *[(share, value, NUMBER_0_TO_1) for share in SHARES for value in (-0.1, 1.1, "0.5", None, True)],
        ("seed", -1, "must be an integer from 0 to 9223372036854775807"),
        ("seed", 1.5, "must be an integer from 0 to 9223372036854775807"),
        *[
            ("latency_ms", value, "must be a number from 0 to 3600000, or two of them, [least, most]")
            for value in (-1, 3_600_001, "fast", [], [1], [2, 1], [1, 2, 3], [-1, 1], None)
        ],
        ("error_burst_seconds", -1, "must be a number from 0 to 86400"),
        ("retry_after_seconds", 0.5, "must be an integer from 0 to 86400"),
        ("code", 2**31, "must be an integer of 32 bits"),
        ("unauthorized", 1, "must be true or false"),
        ("refuse_connections", "no", "must be true or false"),
        ("idempotent", None, "must be true or false"),
        ("required_token", "", "must be null or a text of printable ASCII"),
        ("required_token", "a\nb", "must be null or a text of printable ASCII"),
        ("required_token", 5, "must be null or a text of printable ASCII"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(field: str, value: object, allowed: str) -> None:
    assert problems_of({field: value}) == {field: allowed}


def test_all_problems_are_named_at_once() -> None:
    assert problems_of({"error_share": 2, "code": "x", "idempotent": True}) == {
        "error_share": NUMBER_0_TO_1,
        "code": "must be an integer of 32 bits",
    }


def test_shares_that_together_exceed_the_whole_are_all_named() -> None:
    too_much = "must add up to at most 1 with the other shares"

    assert problems_of({"error_share": 0.6, "hang_share": 0.5}) == {"error_share": too_much, "hang_share": too_much}


def test_shares_may_fill_the_whole_in_spite_of_rounding() -> None:
    Scenario(**dict.fromkeys(SHARES[:3], 0.1), hang_share=0.7)  # type: ignore[arg-type]


def test_an_unknown_field_is_named_with_all_that_are_known() -> None:
    known = ", ".join(field.name for field in fields(Scenario))

    assert problems_of({"eror_share": 1}) == {"eror_share": f"is unknown; known are {known}"}


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"'])
def test_a_body_that_is_no_object_is_named(body: bytes) -> None:
    assert problems_of(body) == {"body": "must be a JSON object"}


def test_a_body_that_is_no_json_is_named() -> None:
    assert problems_of(b"{")["body"].startswith("must be JSON (")


# How fast examples are made says something of the machine's load, nothing of the code.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.binary() | st.dictionaries(st.sampled_from([f.name for f in fields(Scenario)]), st.integers() | st.text()))
def test_no_input_raises_anything_but_a_scenario_error(given: bytes | dict[str, object]) -> None:
    try:
        body = given if isinstance(given, bytes) else orjson.dumps(given)
    except orjson.JSONEncodeError:
        return

    with suppress(ScenarioError):
        assert isinstance(scenario_from_json(body), Scenario)
