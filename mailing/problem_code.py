"""Every rule that an input can break, by name: for programs that say it in words of their own."""

from enum import StrEnum


class ProblemCode(StrEnum):
    """Names stay what they are once given out; rules that are new get new ones."""

    REQUIRED = "REQUIRED"
    BLANK = "BLANK"
    TOO_LONG = "TOO_LONG"
    TOO_MANY = "TOO_MANY"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    FORBIDDEN_CHARACTERS = "FORBIDDEN_CHARACTERS"

    NOT_A_PHONE = "NOT_A_PHONE"
    NOT_AN_OPERATOR_CODE = "NOT_AN_OPERATOR_CODE"
    NOT_A_TIME_ZONE = "NOT_A_TIME_ZONE"

    NOT_A_MOMENT = "NOT_A_MOMENT"
    NOT_A_DAY = "NOT_A_DAY"
    NOT_A_LOCAL_TIME = "NOT_A_LOCAL_TIME"
    NOT_AFTER_START = "NOT_AFTER_START"
    NOT_BEFORE_END = "NOT_BEFORE_END"
    NOT_IN_FUTURE = "NOT_IN_FUTURE"
    TOO_FAR_AHEAD = "TOO_FAR_AHEAD"
    DAY_OUT_OF_RANGE = "DAY_OUT_OF_RANGE"
    EMPTY_WINDOW = "EMPTY_WINDOW"

    EMPTY_FILE = "EMPTY_FILE"
    COLUMN_MISSING = "COLUMN_MISSING"
    COLUMN_UNKNOWN = "COLUMN_UNKNOWN"
    COLUMN_REPEATED = "COLUMN_REPEATED"
    NOT_CSV = "NOT_CSV"
    UNCLOSED_QUOTE = "UNCLOSED_QUOTE"
    WRONG_FIELD_COUNT = "WRONG_FIELD_COUNT"
