"""How many files and sockets a process may have open."""

import resource

MOST_OPEN_FILES = 65_536


def allow_open_files() -> None:
    """Allow this process and its children as many as the system lets it: shells and service managers start it with
    1,024, and each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
