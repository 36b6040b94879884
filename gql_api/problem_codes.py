"""The rules that an input can break, as an enum of the schema."""

from gql_api.statuses import describe
from mailing.problem_code import ProblemCode

__all__ = ["ProblemCode"]

describe(
    ProblemCode,
    "The rule that an input breaks. Others may be added: show the message of those that you do not know.",
    {
        "REQUIRED": "It must not be null.",
        "BLANK": "It holds nothing but spaces.",
        "TOO_LONG": "It has more characters than `limit`.",
        "TOO_MANY": "It has more values, or rows, than `limit`.",
        "OUT_OF_RANGE": "It is less than 1 or more than `limit`.",
        "FORBIDDEN_CHARACTERS": "It holds control characters; in a mailing's text only NUL is forbidden.",
        "NOT_A_PHONE": "It is not 7 and ten digits.",
        "NOT_AN_OPERATOR_CODE": "It is not 1 to `limit` digits.",
        "NOT_A_TIME_ZONE": "It is not an IANA name, letter for letter.",
        "NOT_A_MOMENT": "It is not a date and time in ISO 8601 with an offset.",
        "NOT_A_DAY": "It is not a date of the form YYYY-MM-DD.",
        "NOT_A_LOCAL_TIME": "It is not HH:MM from 00:00 to 23:59.",
        "NOT_AFTER_START": "It is not after startsAt.",
        "NOT_BEFORE_END": "It is not before endsAt.",
        "NOT_IN_FUTURE": "It is past.",
        "TOO_FAR_AHEAD": "It is more than `limit` days ahead.",
        "DAY_OUT_OF_RANGE": "The day is yet to come, or long before the service.",
        "EMPTY_WINDOW": "The window closes when it opens.",
        "EMPTY_FILE": "The file has no header.",
        "COLUMN_MISSING": "The header lacks a column that must be there.",
        "COLUMN_UNKNOWN": "The header names a column that there is not.",
        "COLUMN_REPEATED": "The header names a column twice.",
        "NOT_CSV": "Its quotes are not those of CSV.",
        "UNCLOSED_QUOTE": "A field that begins with a quote does not end.",
        "WRONG_FIELD_COUNT": "The row does not have as many fields as the header, which has `limit`.",
    },
    name="InputProblemCode",
)
