"""`importClients`."""

from typing import Annotated, Self

import strawberry
from strawberry import UNSET

from gql_api.errors import InvalidInput
from gql_api.inputs import given
from gql_api.pagination import RECKONED, bounded
from gql_api.problem_codes import ProblemCode
from mailing.clients.import_piece import (
    MAX_CHARACTERS,
    MAX_FIRST_LINE,
    MAX_REJECTIONS,
    MAX_ROWS,
    ImportedPiece,
    import_piece,
)
from mailing.clients.import_rows import Rejection

First = Annotated[
    int | None,
    strawberry.argument(description=f"Only so many: 1 to {MAX_REJECTIONS:,}, which is the most that a piece can have."),
]


@strawberry.input(description="A file of clients, or a piece of one.")
class ImportClientsInput:
    csv: str = strawberry.field(
        description=f"The header line, then at most {MAX_ROWS:,} rows, {MAX_CHARACTERS:,} characters in all. Columns, "
        "in any order: phone and timezone, and if you like operator_code and tag. Empty lines are no rows. Begin each "
        "piece of a larger file with the file's header, and cut at the end of a row."
    )
    first_line: int | None = strawberry.field(
        default=UNSET,
        description="On which line of the whole file the first row of this piece stands, so that problems name lines "
        f"of that: 1 to {MAX_FIRST_LINE:,}. Null or left out: on the one after the header.",
    )


@strawberry.type(description="One thing wrong with a row of a file.")
class RowProblem:
    line: int = strawberry.field(description="The line of the file on which the row starts, counted from 1.")
    column: str | None = strawberry.field(
        description="Which column, as the header calls it; null where the row as a whole is wrong."
    )
    value: str | None = strawberry.field(description="What stands there; null where the row as a whole is wrong.")
    message: str = strawberry.field(description="What is allowed, and what was given.")
    code: ProblemCode = strawberry.field(description="Which rule it breaks, for those who say it in their own words.")
    limit: int | None = strawberry.field(description="The most that the rule allows; null where it knows no such.")

    @classmethod
    def of(cls, rejection: Rejection) -> Self:
        """The problem as the import found it."""
        return cls(
            line=rejection.line,
            column=rejection.column or None,
            value=rejection.value if rejection.column else None,
            message=rejection.reason,
            code=rejection.code,
            limit=rejection.limit,
        )


@strawberry.type(
    description="What became of the rows. Each counts once: rows is the sum of the others. Where a phone comes twice, "
    "the row further down wins."
)
class ClientsImported:
    rejections: strawberry.Private[list[Rejection]]
    rows: int = strawberry.field(description="How many rows the piece has.")
    created: int = strawberry.field(description="New clients.")
    updated: int = strawberry.field(description="Clients that there were, and whose values were others.")
    unchanged: int = strawberry.field(description="Clients that were just so already.")
    superseded: int = strawberry.field(
        description="Rows whose phone comes again further down in this piece: they were not looked at. One that comes "
        "again in a later piece counts there, as updated or unchanged."
    )
    rejected: int = strawberry.field(description="Rows that were not taken: see problems.")

    @strawberry.field(
        description="What is wrong with the rejected rows, in the order of the file; up to four problems of each.",
        metadata={RECKONED: MAX_REJECTIONS},
    )
    def problems(self, first: First = UNSET) -> list[RowProblem]:
        most = bounded("first", first, most=MAX_REJECTIONS, default=MAX_REJECTIONS)
        return [RowProblem.of(rejection) for rejection in self.rejections[:most]]

    @classmethod
    def of(cls, piece: ImportedPiece) -> Self:
        """The piece as the import took it."""
        totals = piece.totals
        return cls(
            rejections=piece.rejections,
            rows=totals.rows,
            created=totals.created,
            updated=totals.updated,
            unchanged=totals.unchanged,
            superseded=totals.superseded,
            rejected=totals.rejected,
        )


ImportClientsResult = Annotated[
    ClientsImported | InvalidInput,
    strawberry.union("ImportClientsResult", description="What became of the rows, or why none was looked at."),
]


@strawberry.mutation(
    description="Add the clients of a CSV file who are new, and update those who differ. A column that is absent "
    "keeps what a client has; an empty tag removes it, and an empty operator code is digits 2 to 4 of the phone. Rows "
    "that cannot be taken are told, and do not keep the others from being taken. Sending a piece again is safe."
)
async def import_clients(
    input: Annotated[ImportClientsInput, strawberry.argument(description="The rows.")],
) -> ImportClientsResult:
    return ClientsImported.of(await import_piece(input.csv, given(input.first_line)))
