from typing import Any

import pytest

from gql_api.auth.role_claim import RoleClaim
from mailing.roles import Role

ROLES = {"staff": Role.VIEWER, "Mailing chiefs": Role.ADMIN, "desk": Role.OPERATOR}


@pytest.mark.parametrize(
    ("path", "claims", "role"),
    [
        ("roles", {"roles": ["staff"]}, Role.VIEWER),
        ("roles", {"roles": ["staff", "desk", "other"]}, Role.OPERATOR),
        ("roles", {"roles": ["Mailing chiefs"]}, Role.ADMIN),
        ("roles", {"roles": "Mailing chiefs"}, Role.ADMIN),
        ("scope", {"scope": "openid staff desk"}, Role.OPERATOR),
        ("realm_access.roles", {"realm_access": {"roles": ["desk"]}}, Role.OPERATOR),
        ("https://example.com/roles", {"https://example.com/roles": ["desk"]}, Role.OPERATOR),
        ("roles", {"roles": ["STAFF", "staff ", "admin"]}, None),
        ("roles", {"roles": ["staff desk"]}, None),
        ("roles", {"roles": [["staff"], {"staff": True}, None, 1]}, None),
        ("roles", {"roles": {"staff": True}}, None),
        ("roles", {}, None),
        ("realm_access.roles", {"realm_access": ["roles"]}, None),
        ("realm_access.roles", {"realm_access": None}, None),
    ],
)
def test_the_highest_role_that_the_claim_gives(path: str, claims: dict[str, Any], role: Role | None) -> None:
    assert RoleClaim(path, ROLES).highest(claims) is role


def test_each_role_may_do_what_the_ones_before_it_may() -> None:
    assert sorted(Role, reverse=True) == [Role.ADMIN, Role.OPERATOR, Role.VIEWER]
