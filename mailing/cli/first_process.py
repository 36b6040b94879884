"""What is different for the first process of a container."""

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

_FIRST = 1


def heed_sigterm() -> None:
    """Let SIGTERM end the first process of a container, as it ends any other.

    Linux gives the process number 1 no default action: a signal that it has no handler for is lost, and whoever asked
    it to stop waits until they kill it. The commands that serve set handlers of their own once they have started;
    this is for the time before, and for those that run once and end.
    """
    if os.getpid() == _FIRST:
        signal.signal(signal.SIGTERM, _end)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)
