"""A role, as the database keeps it."""

from typing import Any

from tortoise.fields import Field
from tortoise.models import Model

from mailing.roles import Role


class RoleField(Field[Role]):
    """Stored by its name: numbers would be in the way of a role between two others."""

    SQL_TYPE = "VARCHAR(16)"

    def to_python_value(self, value: Any) -> Role | None:
        return Role[value] if isinstance(value, str) else value

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> str | None:
        return None if value is None else Role(value).name
