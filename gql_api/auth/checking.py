"""Refuses operations that the viewer may not ask for, before anything of them is resolved."""

from collections.abc import Iterator

from graphql import DocumentNode, GraphQLError
from strawberry.extensions import SchemaExtension

from gql_api.auth.permissions import beyond
from gql_api.auth.refusals import forbidden, unauthenticated
from gql_api.auth.viewer import Viewer


def refusal(viewer: Viewer | None, document: DocumentNode, operation_name: str | None) -> GraphQLError | None:
    """Why the viewer may not ask for the operation, the whole of it for one field; None: they may."""
    if viewer is None:
        return unauthenticated()
    found = beyond(viewer.role, document, operation_name)
    if found is None:
        return None
    field, needed = found
    message = f"{field.name.value} needs the role {needed.name}, and yours is {viewer.role.name}"
    return forbidden(message, neededRole=needed.name)


class CheckPermissions(SchemaExtension):
    """Belongs last among the extensions: what is said here about the operation must stand.

    It is told as an error of that operation, on every transport: what an extension raises is lost on streams. An
    operation that cannot even be read is left to whoever reports that.
    """

    def on_validate(self) -> Iterator[None]:
        execution = self.execution_context
        if execution.graphql_document is not None:
            viewer = getattr(execution.context, "viewer", None)
            refused = refusal(viewer, execution.graphql_document, execution.operation_name)
            if refused is not None:
                execution.pre_execution_errors = [refused]
        yield
