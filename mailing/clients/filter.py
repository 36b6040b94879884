"""Which clients: what mailings choose by, and how that is said in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClientFilter:
    """An empty part lets any pass; where both are given both must match."""

    operator_codes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def conditions(self, parameters: list[object]) -> list[str]:
        """The same in SQL, for any table with such columns; `parameters`, those of the statement, gets its values."""
        found = []
        for column, values in (("operator_code", self.operator_codes), ("tag", self.tags)):
            if values:
                parameters.append(list(values))
                found.append(f"{column} = ANY(${len(parameters)}::text[])")
        return found


def where(conditions: Sequence[str]) -> str:
    """The clause that asks for all of them; nothing for none."""
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""
