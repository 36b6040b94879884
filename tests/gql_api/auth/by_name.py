"""A gate that takes everybody at their word."""

import math
import time

from gql_api.auth.credentials import Credentials, Pass
from gql_api.auth.refusals import SignInUnavailableError
from gql_api.auth.viewer import Viewer
from mailing.roles import Role


class ByName:
    """Lets in who names a role: as a bearer token, or in the cookie. `2` after it: for two seconds.

    While `is_withdrawable`, passes are good until `is_withdrawn`; while `is_away` nobody can tell.
    """

    def __init__(self) -> None:
        self.is_withdrawable = self.is_withdrawn = self.is_away = False
        self.asked = 0
        """How often whether a pass is still good."""

    async def recognise(self, shown: Credentials) -> Pass | None:
        name, _, seconds = (shown.bearer_token or shown.cookie or "").partition(" ")
        if not name:
            return None
        viewer = Viewer(name, name.title(), Role[name.upper()])
        by_cookie = shown.bearer_token is None
        expires_at = time.time() + float(seconds) if seconds else math.inf
        return Pass(viewer, expires_at, by_cookie, self._is_still_good if self.is_withdrawable else None)

    async def _is_still_good(self) -> bool:
        self.asked += 1
        if self.is_away:
            raise SignInUnavailableError("away")
        return not self.is_withdrawn
