"""How many sockets somebody may have open at once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from gql_api.auth.refusals import TooManySocketsError
from gql_api.auth.viewer import Viewer


class Places:
    """Those of one API process: each viewer has `most` of them; None: as many as they like."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._taken: Counter[str] = Counter()

    @contextmanager
    def one(self) -> Iterator["Place"]:
        """For the length of a socket."""
        place = Place(self)
        try:
            yield place
        finally:
            place.leave()

    def take(self, subject: str) -> None:
        """Raises TooManySocketsError."""
        taken = self._taken[subject] + 1
        if self._most is not None and taken > self._most:
            raise TooManySocketsError(self._most, taken)
        self._taken[subject] = taken

    def give_back(self, subject: str) -> None:
        """What was taken."""
        self._taken[subject] -= 1
        if not self._taken[subject]:
            del self._taken[subject]

    def __len__(self) -> int:
        """How many viewers have sockets."""
        return len(self._taken)


class Place:
    """That of one socket, nobody's until it is known who has come."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._subject: str | None = None

    def take(self, viewer: Viewer) -> None:
        """For the viewer, and for nobody else any more. Raises TooManySocketsError."""
        self.leave()
        self._places.take(viewer.subject)
        self._subject = viewer.subject

    def leave(self) -> None:
        if self._subject is not None:
            self._places.give_back(self._subject)
            self._subject = None
