"""The schema: a table of contents."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from gql_api.access_tokens import queries as access_tokens
from gql_api.access_tokens.mutations.create_api_token import create_api_token
from gql_api.access_tokens.mutations.revoke_api_token import revoke_api_token
from gql_api.audience.queries import audience
from gql_api.auth.checking import CheckPermissions
from gql_api.clients import queries as clients
from gql_api.clients.mutations.create_client import create_client
from gql_api.clients.mutations.delete_client import delete_client
from gql_api.clients.mutations.import_clients import import_clients
from gql_api.clients.mutations.update_client import update_client
from gql_api.errors import EXCEPTION_HANDLERS
from gql_api.explanation import queries as explanations
from gql_api.history import queries as history
from gql_api.http.counting import CountOperations
from gql_api.http.guarded import GuardedSchema
from gql_api.http.limits import Limits
from gql_api.http.masking import MaskUnexpectedErrors
from gql_api.mailings import queries as mailings
from gql_api.mailings import subscriptions
from gql_api.mailings.mutations.cancel_mailing import cancel_mailing
from gql_api.mailings.mutations.create_mailing import create_mailing
from gql_api.mailings.mutations.delete_mailing import delete_mailing
from gql_api.mailings.mutations.pause_mailing import pause_mailing
from gql_api.mailings.mutations.resume_mailing import resume_mailing
from gql_api.mailings.mutations.update_mailing import update_mailing
from gql_api.messages import queries as messages
from gql_api.nodes import node
from gql_api.provider import queries as provider
from gql_api.provider import subscriptions as provider_live
from gql_api.reports import queries as reports
from gql_api.reports.mutations.send_report import send_report
from gql_api.scalars import SCALARS
from gql_api.statistics import queries as statistics
from gql_api.timeline import queries as timelines
from gql_api.viewer.queries import viewer


@strawberry.type(description="What can be asked.")
class Query:
    node = node
    client = clients.client
    clients = clients.clients
    audience = audience
    mailing = mailings.mailing
    mailings = mailings.mailings
    message = messages.message
    timeline = timelines.timeline
    explain = explanations.explain
    statistics = statistics.statistics
    daily_statistics = history.daily_statistics
    provider_health = provider.provider_health
    viewer = viewer
    api_tokens = access_tokens.api_tokens
    report_preview = reports.report_preview


@strawberry.type(
    description="What can be done. Each answers with what it changed, or with a fact that implements UserError; "
    "nothing is changed then."
)
class Mutation:
    create_client = create_client
    update_client = update_client
    delete_client = delete_client
    import_clients = import_clients
    create_mailing = create_mailing
    update_mailing = update_mailing
    delete_mailing = delete_mailing
    pause_mailing = pause_mailing
    resume_mailing = resume_mailing
    cancel_mailing = cancel_mailing
    create_api_token = create_api_token
    revoke_api_token = revoke_api_token
    send_report = send_report


@strawberry.type(description="What can be followed live.")
class Subscription:
    mailing_progress = subscriptions.mailing_progress
    active_mailings_progress = subscriptions.active_mailings_progress
    provider_health = provider_live.provider_health


schema = GuardedSchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    config=StrawberryConfig(scalar_map=SCALARS),
    extensions=[CountOperations, MaskUnexpectedErrors, CheckPermissions],
    exception_handlers=EXCEPTION_HANDLERS,
    limits=Limits(),
)
"""Under the limits that hold where nobody sets others: see `under`."""


def export_sdl() -> str:
    """The schema as text, always the same for the same schema."""
    return schema.as_str() + "\n"
