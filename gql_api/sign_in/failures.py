"""Why a sign-in with a browser came to nothing, in words for the person in front of it.

SignInError
├── NotBegunError
├── DeclinedError
├── RefusedByProviderError
├── UntrustedAnswerError
├── NoRoleError
├── TooManyAttemptsError
├── ProviderUnavailableError
└── StoreUnavailableError
"""

from typing import ClassVar


class SignInError(Exception):
    """Raised when somebody cannot be signed in. What stands in it is for the log; the rest is for the page."""

    status: ClassVar[int]
    title: ClassVar[str]
    retry_after_seconds: int | None = None
    other_account: ClassVar[bool] = False
    """Whether signing in as somebody else could help."""

    @property
    def explanation(self) -> str:
        """What happened and what to do, a sentence or two each."""
        raise NotImplementedError


class NotBegunError(SignInError):
    """Raised for an answer to which there is no question: to one of another browser, an old one, or one that was
    answered already."""

    status = 400
    title = "This sign-in cannot be finished"

    @property
    def explanation(self) -> str:
        return (
            "It was begun in another browser or more than ten minutes ago, or it has been finished already. "
            "Sign in again from here, and allow cookies for this page."
        )


class DeclinedError(SignInError):
    """Raised when the provider says that the person, or whoever decides there, has said no."""

    status = 403
    title = "You were not signed in"
    other_account = True

    @property
    def explanation(self) -> str:
        return (
            "The sign-in was cancelled, or your sign-in service does not let you use this application. "
            "If you did not cancel it, ask whoever looks after your accounts for access."
        )


class RefusedByProviderError(SignInError):
    """Raised when the provider answers with an error: mostly a setting, there or here, is wrong."""

    status = 502
    title = "Your sign-in service refused"

    @property
    def explanation(self) -> str:
        return (
            "It did not accept what this service asked of it. Try again once; if it stays so, tell the operator of "
            "this service: the log says what the answer was."
        )


class UntrustedAnswerError(SignInError):
    """Raised when what came cannot have come from the provider, to us, for this sign-in, now."""

    status = 502
    title = "The answer of your sign-in service does not hold"

    @property
    def explanation(self) -> str:
        return (
            "Nobody was signed in, to be safe. Try again once; if it stays so, tell the operator of this service: "
            "the log says what did not hold."
        )


class NoRoleError(SignInError):
    """Raised for somebody whom the provider knows, and who has nothing to look for here."""

    status = 403
    title = "You have no role here"
    other_account = True

    def __init__(self, subject: str, name: str, claim: str) -> None:
        super().__init__(f"no role for {subject}")
        self._name = name
        self._claim = claim

    @property
    def explanation(self) -> str:
        return (
            f"Your sign-in service knows you as {self._name}, but its claim “{self._claim}” gives you no role of this "
            "service. Ask whoever looks after your accounts for one, then sign in again."
        )


class TooManyAttemptsError(SignInError):
    """Raised when a sign-in is begun at an address that has begun too many of late."""

    status = 429
    title = "Too many sign-ins from your address"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"for {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds

    @property
    def explanation(self) -> str:
        seconds = self.retry_after_seconds
        wait = "a second" if seconds == 1 else f"{seconds} seconds"
        return f"Wait {wait}, then sign in again."


class ProviderUnavailableError(SignInError):
    """Raised when the provider does not answer, or answers nonsense."""

    status = 503
    title = "Your sign-in service does not answer"
    retry_after_seconds = 10

    @property
    def explanation(self) -> str:
        return (
            "Signing in is not possible right now. Whoever is signed in can go on working. Try again in a minute; "
            "if it stays so, tell whoever looks after the sign-in service."
        )


class StoreUnavailableError(SignInError):
    """Raised when Redis or the database does not answer."""

    status = 503
    title = "Signing in is not possible right now"
    retry_after_seconds = 10

    @property
    def explanation(self) -> str:
        return (
            "A part of this service is away for the moment. Try again in a minute; if it stays so, tell the operator "
            "of this service."
        )
