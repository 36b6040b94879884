"""Refuses operations that the viewer may not ask for, before anything of them is resolved."""

from collections.abc import Iterator

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from gql_api.auth.permissions import beyond
from gql_api.auth.refusals import forbidden, unauthenticated
from gql_api.auth.viewer import Viewer


class CheckPermissions(SchemaExtension):
    """Belongs last among the extensions: what is said here about the operation must stand.

    The whole operation is refused for one field that is. It is told as an error of that operation, on every
    transport: what an extension raises is lost on streams.
    """

    def on_validate(self) -> Iterator[None]:
        refusal = self._refusal()
        if refusal is not None:
            self.execution_context.pre_execution_errors = [refusal]
        yield

    def _refusal(self) -> GraphQLError | None:
        execution = self.execution_context
        viewer: Viewer | None = getattr(execution.context, "viewer", None)
        if viewer is None:
            return unauthenticated()
        if execution.graphql_document is None:  # It could not be read; that is told by others.
            return None
        found = beyond(viewer.role, execution.graphql_document, execution.operation_name)
        if found is None:
            return None
        field, needed = found
        message = f"{field.name.value} needs the role {needed.name}, and yours is {viewer.role.name}"
        return forbidden(message, neededRole=needed.name)
