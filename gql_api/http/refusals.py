"""Requests that are refused before anything is executed."""

from collections.abc import Mapping


class RefusedError(Exception):
    """Raised when a request is no GraphQL request that can be served. The message is for the caller."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None, **extensions: object
    ) -> None:
        """`code` and the rest become the `extensions` of the only error; `headers` go with the answer."""
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})
        self.extensions = {"code": code, **extensions}

    @property
    def body(self) -> dict[str, object]:
        """The answer: a GraphQL response without data."""
        return {"errors": [{"message": self.message, "extensions": self.extensions}]}


def bad_request(message: str) -> RefusedError:
    """For what cannot be read."""
    return RefusedError(400, "BAD_REQUEST", message)


def method_not_allowed(message: str, *allowed: str) -> RefusedError:
    """For what would have to be asked by another of HTTP's methods."""
    return RefusedError(405, "METHOD_NOT_ALLOWED", message, {"Allow": ", ".join(allowed)})


def not_acceptable(message: str) -> RefusedError:
    """For an Accept that names nothing in which the answer could be given."""
    return RefusedError(406, "NOT_ACCEPTABLE", message)


def too_large(most_bytes: int, value: int) -> RefusedError:
    """For more than is read. `value`: how much there is, as far as that is known."""
    message = f"The request has {value:,} bytes or more; at most {most_bytes:,} are allowed"
    return RefusedError(413, "REQUEST_TOO_LARGE", message, limit=most_bytes, value=value)


def unsupported_media_type(message: str) -> RefusedError:
    """For a body that is not JSON in UTF-8. Forms of other sites cannot send that, which keeps them out."""
    return RefusedError(415, "UNSUPPORTED_MEDIA_TYPE", message, {"Accept-Post": "application/json"})
