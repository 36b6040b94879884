"""Logging: one event a line, static names, values as fields; JSON, or colours on a terminal.

    configure_logging ── levels        how much of which area is let through
                      ├─ line          what stands on every line, and how values are written
                      ├─ concealment   what never reaches a line
                      ├─ each          many lines that differ in their ids alone
                      ├─ repeated      lines that come for every message
                      ├─ libraries     what others log
                      └─ outlets       where lines go: standard error, files of bounded size

docs/logs.md lists the events and says how to read them.
"""

from mailing.logging.configuration import configure_logging
from mailing.logging.each import Each
from mailing.logging.repeated import Repeated

__all__ = ["Each", "Repeated", "configure_logging"]
