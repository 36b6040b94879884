import os
from pathlib import Path

import pytest

from mailing.provider import token as token_module
from mailing.provider.token import RECHECK_SECONDS, TokenSource
from mailing.settings import SettingsError, load_settings


class Clock:
    """Stands in for the monotonic clock that the token source looks at."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    def let_pass(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(token_module, "monotonic", clock)
    return clock


def test_without_a_token_there_is_none() -> None:
    assert TokenSource(load_settings()).current() is None


def test_the_token_of_the_settings_is_taken_without_its_line_end() -> None:
    assert TokenSource(load_settings(provider_token="abc.def\n")).current() == "abc.def"


@pytest.mark.parametrize("token", ["", " ", "two words", "two\nlines", "жетон", "tab\there", "nul\0"])
def test_a_fixed_token_that_cannot_be_a_header_is_a_wrong_setting_and_is_not_shown(token: str) -> None:
    with pytest.raises(SettingsError) as caught:
        TokenSource(load_settings(provider_token=token))

    assert caught.value.problems == ["MAILING_PROVIDER_TOKEN: must be one line of printable ASCII without spaces"]


def test_a_replaced_file_is_seen_within_a_second_and_not_looked_at_before(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "token"
    file.write_text("first\n")
    source = TokenSource(load_settings(provider_token_file=file))
    assert source.current() == "first"

    new = tmp_path / "new"
    new.write_text("second\n")
    new.replace(file)

    clock.let_pass(RECHECK_SECONDS / 2)
    assert source.current() == "first"
    clock.let_pass(RECHECK_SECONDS / 2)
    assert source.current() == "second"


def test_a_file_written_in_place_with_a_token_of_the_same_length_is_seen(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "token"
    file.write_text("first")
    source = TokenSource(load_settings(provider_token_file=file))
    assert source.current() == "first"

    file.write_text("other")
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1))

    clock.let_pass(RECHECK_SECONDS)
    assert source.current() == "other"


@pytest.mark.parametrize("content", [b"", b"\n", b"half a", b"\xff\xfe"])
def test_while_the_file_holds_no_token_the_last_good_one_stays(tmp_path: Path, clock: Clock, content: bytes) -> None:
    file = tmp_path / "token"
    file.write_text("good")
    source = TokenSource(load_settings(provider_token_file=file))
    assert source.current() == "good"

    file.write_bytes(content)
    clock.let_pass(RECHECK_SECONDS)
    assert source.current() == "good"

    file.write_text("better")
    clock.let_pass(RECHECK_SECONDS)
    assert source.current() == "better"


def test_a_missing_file_leaves_the_fixed_token_until_it_comes(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "token"
    source = TokenSource(load_settings(provider_token="fixed", provider_token_file=file))
    assert source.current() == "fixed"

    file.write_text("filed")
    clock.let_pass(RECHECK_SECONDS)
    assert source.current() == "filed"

    file.unlink()
    clock.let_pass(RECHECK_SECONDS)
    assert source.current() == "filed"
