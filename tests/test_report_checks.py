"""The settings about the daily report."""

import pytest

from mailing.report_checks import Encryption, MailServer, addresses
from mailing.settings import SettingsError, load_settings

_SMTP = (
    "must be smtps://[user:password@]host[:465] (TLS), smtp://[user:password@]host[:587] (STARTTLS), or "
    "smtp+plain://host[:25] (nothing is encrypted)"
)
_ADDRESSES = "must be addresses with commas between them: ann@example.com, Bob <bob@example.com>"


def test_addresses_may_have_names_and_count_once() -> None:
    found = addresses("ann@example.com, Боб <bob@example.com>, Ann <ann@example.com>")

    assert [str(address) for address in found] == ["ann@example.com", "Боб <bob@example.com>"]
    assert addresses("") == addresses(" ") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ann", f'{_ADDRESSES}; "ann" is none'),
        ("ann@example.com; bob@example.com", _ADDRESSES),
        ("ann@example.com,, bob@example.com", _ADDRESSES),
        ("ann@example.com\r\nBcc: eve@example.com", _ADDRESSES),
        ("анна@example.com", f'{_ADDRESSES}; "анна@example.com" is none'),
        (", ".join(f"a{n}@example.com" for n in range(51)), "must be at most 50 addresses"),
    ],
)
def test_what_is_no_list_of_addresses_is_told(text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(report_to=text, report_from="a@example.com", smtp_url="smtp://mail.example.com")

    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(f"MAILING_REPORT_TO: {message}")


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://mail.example.com", MailServer("mail.example.com", 465, Encryption.TLS)),
        (
            "smtp://me%40example.com:p%2Fa%3Ass@mail.example.com:2525/",
            MailServer("mail.example.com", 2525, Encryption.STARTTLS, "me@example.com", "p/a:ss"),
        ),
        ("smtp+plain://[::1]", MailServer("::1", 25, Encryption.NONE)),
        ("smtp+plain://a:b@127.0.0.1:1025", MailServer("127.0.0.1", 1025, Encryption.NONE, "a", "b")),
    ],
)
def test_a_mail_server_is_named_by_a_url(url: str, server: MailServer) -> None:
    assert MailServer.at(url) == server


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("mail.example.com:25", _SMTP),
        ("https://secret:secret@mail.example.com", _SMTP),
        ("smtp://", _SMTP),
        ("smtp://secret@mail.example.com", _SMTP),
        ("smtp://user:secret@mail.example.com:no", _SMTP),
        ("smtp://user:secret@mail.example.com/inbox", _SMTP),
        ("smtp://user:secret@mail.example.com?tls=no", _SMTP),
        ("smtp://user:sec ret@mail.example.com", _SMTP),
        (
            "smtp+plain://user:secret@mail.example.com",
            "must not send a password unencrypted: smtps:// or smtp:// encrypt it",
        ),
    ],
)
def test_an_unusable_mail_server_is_told_without_being_shown(url: str, allowed: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(smtp_url=url)

    assert caught.value.problems == [f"MAILING_SMTP_URL: {allowed}"]


def test_a_password_is_not_shown_by_accident() -> None:
    url = "smtps://user:hush@mail.example.com"

    assert "hush" not in repr(load_settings(smtp_url=url)) + repr(MailServer.at(url))


def test_what_a_report_needs_is_named() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(report_to="ann@example.com", report_at="8:00", report_timezone="MSK")

    assert caught.value.problems == [
        "MAILING_REPORT_FROM: must be set where MAILING_REPORT_TO is",
        "MAILING_REPORT_AT: must be HH:MM from 00:00 to 23:59 (given: '8:00')",
        "MAILING_REPORT_TIMEZONE: must be an IANA name, letter for letter, such as Europe/Moscow (given: 'MSK')",
        "MAILING_SMTP_URL: must be set where MAILING_REPORT_TO is",
    ]


def test_a_report_has_one_sender() -> None:
    with pytest.raises(SettingsError, match="MAILING_REPORT_FROM: must be one address"):
        load_settings(report_from="ann@example.com, bob@example.com")
