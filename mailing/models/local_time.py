"""A time of day by some wall clock, which has no zone."""

from datetime import time
from typing import Any

from tortoise.fields import Field
from tortoise.models import Model


class LocalTimeField(Field[time], time):
    """Stored as `time` and read back as it is: Tortoise's own TimeField would make it a time in UTC."""

    SQL_TYPE = "TIME"

    def to_python_value(self, value: Any) -> time | None:
        return time.fromisoformat(value) if isinstance(value, str) else value

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> time | None:
        local: time | None = value
        return local
