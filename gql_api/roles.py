"""Roles, as an enum of the schema with a description of each value."""

from gql_api.statuses import describe
from mailing.roles import Role

describe(
    Role,
    "What somebody may do: each role may do all that the ones before it may.",
    {
        "VIEWER": "Reads everything and follows it live.",
        "OPERATOR": "Also runs mailings and looks after clients.",
        "ADMIN": "Also decides which programs may come in.",
    },
)
