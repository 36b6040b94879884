"""Pages that say why somebody was not signed in, and where people go after it."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from gql_api.sign_in.failures import NoRoleError, ProviderUnavailableError, TooManyAttemptsError
from gql_api.sign_in.next_page import HOME, local_page
from gql_api.sign_in.pages import failure_page


def test_a_page_loads_runs_and_sends_nothing() -> None:
    page = failure_page(ProviderUnavailableError("away"), "/docs/", "1a2b3c4d")

    text = bytes(page.body).decode()
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert page.headers["Content-Security-Policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert (page.status_code, page.headers["Retry-After"]) == (503, "10")
    assert re.findall(r'(?:href|src)="(.*?)"', text) == ["/auth/sign-in?next=%2Fdocs%2F"]
    assert ("1a2b3c4d" in text, "away" in text, "<script" in text) == (True, False, False)


def test_what_others_have_written_is_text() -> None:
    page = failure_page(NoRoleError("s", "<img src=x>", "<b>"), '/"><script>', "1a2b3c4d")

    text = bytes(page.body).decode()
    assert "&lt;img src=x&gt;, but its claim “&lt;b&gt;”" in text
    assert "<script" not in text


def test_a_page_speaks_of_one_second_in_the_singular() -> None:
    assert TooManyAttemptsError(1).explanation == "Wait a second, then sign in again."


@pytest.mark.parametrize(
    "path", ["/", "/docs/", "/docs/?tab=2#x", "/graphql?query={a}", "/a//b", "/x?next=//evil.example"]
)
def test_somebody_goes_on_to_a_page_of_ours(path: str) -> None:
    assert local_page(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "docs/",
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\\/evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/%0d%0aX: y\r\n",
        " //evil.example",
        "javascript:alert(1)",
        "/é",
        "/a b",
        "/auth/sign-in",
        "/auth/callback?code=1",
        "/" + "x" * 2_000,
    ],
)
def test_nobody_is_led_elsewhere(path: str | None) -> None:
    assert local_page(path) == HOME
