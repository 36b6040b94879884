"""How much is logged of what."""

import logging

import pytest

from mailing.logging.levels import Area, Levels, area_of
from mailing.settings import SettingsError, load_settings


def test_one_level_is_everything_s() -> None:
    assert Levels.parse("WARNING") == Levels(logging.WARNING, {})


def test_areas_may_differ_from_the_rest() -> None:
    levels = Levels.parse("WARNING, delivery=DEBUG ,api=ERROR")

    assert levels == Levels(logging.WARNING, {Area.DELIVERY: logging.DEBUG, Area.API: logging.ERROR})
    assert [levels.of(name) for name in ("mailing.delivery.pump", "gql_api.http.view", "gql_api.auth.gate", "")] == [
        logging.DEBUG,
        logging.ERROR,
        logging.WARNING,
        logging.WARNING,
    ]


def test_the_rest_is_info_where_only_areas_are_named() -> None:
    assert Levels.parse("messages=WARNING").default == logging.INFO


@pytest.mark.parametrize("text", ["LOUD", "info", "delivery=LOUD", "kitchen=INFO", "INFO,", "=INFO", "delivery="])
def test_what_is_no_level_or_no_area_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(log_level=text)

    assert caught.value.problems == [
        "MAILING_LOG_LEVEL: must be one of DEBUG, INFO, WARNING, ERROR, and behind it, with commas between them, "
        "area=LEVEL for areas that differ: api, auth, clients, mailings, delivery, messages, provider, queue, "
        f"scheduler, report, libraries (given: {text!r})"
    ]


@pytest.mark.parametrize(
    ("text", "what"), [("INFO,DEBUG", "all the rest"), ("api=INFO,api=DEBUG", "api"), ("api=INFO,api=INFO", "api")]
)
def test_two_levels_for_the_same_are_refused(text: str, what: str) -> None:
    with pytest.raises(ValueError, match=f"must give one level to {what}"):
        Levels.parse(text)


@pytest.mark.parametrize(
    ("logger", "area"),
    [
        ("gql_api.http.operations", Area.API),
        ("gql_api.sign_in.routes", Area.AUTH),
        ("mailing.delivery.rescue", Area.DELIVERY),
        ("mailing.delivery.journal", Area.MESSAGES),
        ("mailing.delivery.probe", Area.PROVIDER),
        ("mailing.delivery.probe_request", Area.DELIVERY),
        ("tasks.scheduler", Area.SCHEDULER),
        ("tasks.worker", Area.QUEUE),
        ("mailing.outage", None),
        ("", None),
        ("uvicorn.error", Area.LIBRARIES),
        ("mailings", Area.LIBRARIES),
    ],
)
def test_a_logger_belongs_to_the_area_of_its_module(logger: str, area: Area | None) -> None:
    assert area_of(logger) is area
