"""What every measurement of one run shares."""

from dataclasses import dataclass

from bench.screen import Screen
from bench.site import Site

TEXT = "Your order is ready: come and get it until tomorrow, 20:00."


@dataclass(frozen=True, slots=True)
class Run:
    """The site that is measured, the screen, and how large everything is."""

    site: Site
    screen: Screen
    messages: int
    """Of each mailing whose speed is compared with the floor's."""
    rounds: int

    @property
    def in_flight(self) -> int:
        """Requests of all workers together that one mailing may have on their way."""
        settings = self.site.settings
        return settings.pump_slots * settings.pump_concurrency
