"""Why somebody may not come in, or may not do something.

RefusalError
├── UnauthenticatedError
├── ForbiddenError
├── TooManySocketsError
└── SignInUnavailableError
"""

from typing import ClassVar

from graphql import GraphQLError

_REALM = 'Bearer realm="mailing"'


class RefusalError(Exception):
    """Raised when a request or a socket is not let in. The message is for the caller and tells no secrets."""

    code: ClassVar[str]
    """In `extensions.code`."""
    status: ClassVar[int]
    """Of the HTTP answer."""
    close_code: ClassVar[int] = 4403
    """Of the socket: what graphql-transport-ws recommends for a refused connection. Clients may try again after it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def headers(self) -> dict[str, str]:
        """Of the HTTP answer."""
        return {}


class UnauthenticatedError(RefusalError):
    """Raised when nobody knows who asks: nothing was shown, or it does not hold."""

    code = "UNAUTHENTICATED"
    status = 401

    def __init__(self, message: str, *, shown: bool = True) -> None:
        """`shown`: there was something to look at."""
        super().__init__(message)
        self._shown = shown

    @property
    def headers(self) -> dict[str, str]:
        """A challenge, without an error where nothing was shown (RFC 6750, 3 and 3.1)."""
        error = f', error="invalid_token", error_description="{self.message}"' if self._shown else ""
        return {"WWW-Authenticate": _REALM + error}


class ForbiddenError(RefusalError):
    """Raised when it is known who asks, or from where, and they may not come in."""

    code = "FORBIDDEN"
    status = 403


class TooManySocketsError(RefusalError):
    """Raised when somebody has as many sockets open as one may have."""

    code = "TOO_MANY_SOCKETS"
    status = 429
    close_code = 1013  # As below: there is room again when another one is closed.

    def __init__(self, limit: int, value: int) -> None:
        super().__init__(f"This would be your socket {value} at once; at most {limit} are allowed")

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "5"}


class SignInUnavailableError(RefusalError):
    """Raised when it cannot be told at present who asks. The token may be a good one."""

    code = "SIGN_IN_UNAVAILABLE"
    status = 503
    close_code = 1013  # "Try again later" in the registry of RFC 6455, 11.7.

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "5"}


def unauthenticated() -> GraphQLError:
    """Of an operation that nobody stands behind."""
    return GraphQLError("Sign in first", extensions={"code": UnauthenticatedError.code})


def forbidden(message: str, **extensions: str) -> GraphQLError:
    """Of an operation of somebody who may come in, but not do this."""
    return GraphQLError(message, extensions={"code": ForbiddenError.code, **extensions})
