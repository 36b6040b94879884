"""Which version of the service this is. It is written down once, in pyproject.toml, and read from the installation."""

from importlib.metadata import version as installed_version

DISTRIBUTION = "mailing-service"


def version() -> str:
    """Such as 1.4.0. docs/releasing.md says what each of the numbers promises."""
    return installed_version(DISTRIBUTION)
