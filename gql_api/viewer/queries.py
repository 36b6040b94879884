"""`viewer`."""

import strawberry

from gql_api.context import Info
from gql_api.viewer.types import Viewer


@strawberry.field(description="Whoever asks: you.")
def viewer(info: Info) -> Viewer:
    visit = info.context.visit
    assert visit.admitted is not None, "nobody else is let through to a field"
    return Viewer.of(visit.admitted, visit.sign_in_url)
