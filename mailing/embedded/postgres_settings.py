"""How the embedded PostgreSQL is set up. Given on its command line, so they hold for data of any age."""

from pathlib import Path

_ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "200",
    "shared_buffers": "256MB",
    # No replicas: the least WAL, and none at all for rows copied into a table of the same transaction.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Queries are short: compiling them would cost more than it saves.
    "jit": "off",
}

_DURABLE = {
    "max_wal_size": "2GB",
    "min_wal_size": "256MB",
    "wal_buffers": "16MB",
    "wal_compression": "on",
    "checkpoint_timeout": "10min",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    # Message rows change state several times: clean up early and often.
    "autovacuum_naptime": "15s",
    "autovacuum_vacuum_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.05",
    "autovacuum_vacuum_cost_limit": "2000",
    "log_min_duration_statement": "2s",
    "log_checkpoints": "off",
    # One file a weekday, begun anew a week later.
    "logging_collector": "on",
    "log_filename": "postgres-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
}

_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "autovacuum_naptime": "1h",
    "io_method": "sync",
}


def settings(socket_folder: Path, log_folder: Path, *, fast: bool) -> list[str]:
    """Arguments for `postgres`. `fast` gives up surviving a power cut: for tests."""
    chosen = {**_ALWAYS, **(_FAST if fast else _DURABLE | {"log_directory": str(log_folder)})}
    chosen["unix_socket_directories"] = _quoted(str(socket_folder))
    return [argument for name, value in chosen.items() for argument in ("-c", f"{name}={value}")]


def _quoted(item: str) -> str:
    """One item of a comma-separated list, whatever characters it holds."""
    return '"' + item.replace('"', '""') + '"'
