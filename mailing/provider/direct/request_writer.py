"""Requests as bytes, ready for one write."""

from yarl import URL

from mailing.provider.protocol import Outgoing
from mailing.provider.request import HEADERS, request_body
from mailing.provider.token import TokenSource


class RequestWriter:
    """Everything but the id, the length and the body is the same in all requests, until the token is another."""

    def __init__(self, url: URL, token: TokenSource) -> None:
        self._token = token
        self._token_in_use: str | None = None
        self._start = f"POST {url.raw_path.rstrip('/')}/send/".encode("ascii")
        self._fixed_headers = _lines({"Host": url.host_port_subcomponent or "", **HEADERS})
        self._end = self._end_with(None)

    def wire(self, message: Outgoing) -> bytes:
        """The whole request. Raises ExchangeError for a message that JSON cannot carry."""
        body = request_body(message)
        if (token := self._token.current()) != self._token_in_use:
            self._token_in_use, self._end = token, self._end_with(token)
        return b"%s%d%s%d\r\n\r\n%s" % (self._start, message.id, self._end, len(body), body)

    def _end_with(self, token: str | None) -> bytes:
        """From behind the id to the body's length."""
        authorization = {} if token is None else {"Authorization": f"Bearer {token}"}
        return b" HTTP/1.1\r\n" + self._fixed_headers + _lines(authorization) + b"Content-Length: "


def _lines(headers: dict[str, str]) -> bytes:
    """Raises ValueError where a value could end its line: settings are checked, but this is the last place to look."""
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable()):
            raise ValueError(f"the header {name} holds more than printable ASCII")
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("ascii")
