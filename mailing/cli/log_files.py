"""Where the processes of a `mailing up`, and commands that work beside it, write their lines."""

import os
from collections.abc import Iterable
from pathlib import Path

COMMANDS = "commands"
"""The name for what people run beside a `mailing up`."""


def log_file(data_dir: Path, part: str) -> Path:
    """The file of a part: `worker 1` writes `logs/worker-1.jsonl`."""
    return log_folder(data_dir) / f"{part.replace(' ', '-')}.jsonl"


def log_folder(data_dir: Path) -> Path:
    return data_dir.absolute() / "logs"


def written_in(folder: Path) -> list[list[Path]]:
    """The files of a folder: of each process, the oldest first. Empty where there is no such folder."""
    files: dict[str, list[Path]] = {}
    for file in _files(folder):
        name, _, _ = file.name.partition(".jsonl")
        files.setdefault(name, []).append(file)
    return [sorted(of_process, key=_age, reverse=True) for _, of_process in sorted(files.items())]


def _files(folder: Path) -> Iterable[Path]:
    if not os.access(folder, os.R_OK):
        return []
    return [file for file in folder.iterdir() if ".jsonl" in file.name and _age(file) >= 0]


def _age(file: Path) -> int:
    """How many newer ones there are of its process; -1 for what is no log."""
    suffix = file.name.partition(".jsonl")[2]
    if not suffix:
        return 0
    return int(suffix[1:]) if suffix[1:].isdecimal() else -1
