"""The operations that the stories use, written as a front end would write them."""

CLIENT = "id phone operatorCode tag timezone"
MAILING = """
    id text startsAt endsAt filter { operatorCodes tags } window { opensAt closesAt } maxRate status
"""
PROGRESS = "total pending sending sent failed expired unconfirmed cancelled"
STATISTICS = """
    total byStatus { status count }
    byOperatorCode { value total byStatus { status count } }
    byTag { value total byStatus { status count } }
    byTimezone { value total byStatus { status count } }
    failures { reason count }
"""
_FACTS = {
    "InvalidInput": "problems { path message }",
    "NotFound": "message id",
    "PhoneAlreadyRegistered": f"message client {{ {CLIENT} }}",
    "MailingAlreadyStarted": "message mailing { id status }",
    "MailingAlreadyEnded": "message mailing { id status }",
    "MailingNotRunning": "message mailing { id status }",
    "MailingNotPaused": "message mailing { id status }",
    "Deleted": "id",
    "Client": CLIENT,
    "Mailing": MAILING,
}


def _mutation(name: str, *members: str) -> str:
    kind = name[0].upper() + name[1:]
    fragments = "\n".join(f"... on {member} {{ {_FACTS[member]} }}" for member in members)
    return f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ __typename {fragments} }} }}"


MUTATIONS = {
    name: _mutation(name, *members)
    for name, members in {
        "createClient": ["Client", "InvalidInput", "PhoneAlreadyRegistered"],
        "updateClient": ["Client", "InvalidInput", "NotFound", "PhoneAlreadyRegistered"],
        "deleteClient": ["Deleted", "NotFound"],
        "createMailing": ["Mailing", "InvalidInput"],
        "updateMailing": ["Mailing", "InvalidInput", "NotFound", "MailingAlreadyStarted", "MailingAlreadyEnded"],
        "deleteMailing": ["Deleted", "NotFound"],
        "pauseMailing": ["Mailing", "NotFound", "MailingNotRunning"],
        "resumeMailing": ["Mailing", "NotFound", "MailingNotPaused"],
        "cancelMailing": ["Mailing", "NotFound", "MailingAlreadyEnded"],
    }.items()
}
