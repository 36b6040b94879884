"""Which of many equal processes this one is."""

import os
import socket
from functools import cache


@cache
def this_process() -> str:
    """Host and process number, as leases and log lines name whoever holds or writes them: `web-1:4711`."""
    return f"{socket.gethostname()}:{os.getpid()}"
