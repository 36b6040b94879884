"""Whether what is built is whole: `python -m releasing.package dist`.

The folder must hold one source distribution and one wheel of this version. The wheel must have every file that git has
in the packages, and both pages; the source distribution every file that git has, and both pages, so that it builds the
same wheel without Node.js.
"""

import argparse
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

from packaging.metadata import Metadata

from releasing.repository import ROOT, Repository

PACKAGES = ("gql_api", "mailing", "tasks")
PAGES = (Path("gql_api/docs/bundle"), Path("gql_api/ui/bundle"))


def main() -> int:
    """Prints what is missing, or too much; 0 if nothing is."""
    parser = argparse.ArgumentParser(prog="python -m releasing.package", description=__doc__)
    parser.add_argument("folder", type=Path, help="what `python -m build` wrote into")
    problems = problems_of(parser.parse_args().folder)
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print("Source distribution and wheel are whole.")
    return 1 if problems else 0


def problems_of(folder: Path) -> list[str]:
    """What is wrong with the two files in the folder."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    stem = f"{project['name'].replace('-', '_')}-{project['version']}"
    wheel, source = folder / f"{stem}-py3-none-any.whl", folder / f"{stem}.tar.gz"
    found, wanted = sorted(path.name for path in folder.iterdir()), sorted([wheel.name, source.name])
    if found != wanted:
        return [f"{folder} must hold {wanted}, and holds {found}"]
    repository = Repository()
    in_wheel, in_source = files_of_wheel(wheel), files_of_source(source)
    needed = {path: (ROOT / path).read_bytes() for path in {*repository.files(*PACKAGES), *pages()}}
    return [
        *(f"{page} is not built: `make web`" for page in PAGES if f"{page.as_posix()}/index.html" not in needed),
        *differences(wheel.name, needed, {path: it for path, it in in_wheel.items() if ".dist-info/" not in path}),
        *differences(source.name, needed, {path: in_source[path] for path in needed if path in in_source}),
        *(f"{source.name}: lacks {path}" for path in sorted(repository.files() - {*needed} - {*in_source})),
        *(f"{wheel.name}: {problem}" for problem in metadata_problems(in_wheel)),
    ]


def pages() -> set[str]:
    """The files that `make web` builds."""
    files = (path for page in PAGES for path in (ROOT / page).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in files}


def files_of_wheel(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def files_of_source(path: Path) -> dict[str, bytes]:
    """By path below the one folder that there is in it."""
    with tarfile.open(path) as archive:
        opened = ((member.name, archive.extractfile(member)) for member in archive if member.isfile())
        return {name.partition("/")[2]: file.read() for name, file in opened if file is not None}


def differences(name: str, needed: dict[str, bytes], found: dict[str, bytes]) -> list[str]:
    return [
        *(f"{name}: lacks {path}" for path in sorted({*needed} - {*found})),
        *(f"{name}: has {path}, which git leaves out" for path in sorted({*found} - {*needed})),
        *(
            f"{name}: {path} is not as it is here"
            for path in sorted({*needed} & {*found})
            if found[path] != needed[path]
        ),
    ]


def metadata_problems(in_wheel: dict[str, bytes]) -> list[str]:
    """What an index would refuse."""
    (path,) = (path for path in in_wheel if path.endswith(".dist-info/METADATA"))
    try:
        Metadata.from_email(in_wheel[path], validate=True)
    except ExceptionGroup as e:
        return [str(one) for one in e.exceptions]
    return []


if __name__ == "__main__":
    sys.exit(main())
