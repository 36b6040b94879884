"""The provider's contract as the provider checks it: `POST /v1/send/{msgId}` and its body."""

from typing import TypeGuard

import orjson

INT64 = range(-(2**63), 2**63)


class ContractError(Exception):
    """Raised when a request breaks the contract; the text says what is allowed."""


def read_message(id_in_path: bytes, body: bytes) -> tuple[int, int, str]:
    """The id, phone and text of a request. Raises ContractError."""
    if not id_in_path.removeprefix(b"-").isdigit() or len(id_in_path) > 20:
        raise ContractError("msgId must be an integer of 64 bits")
    message_id = int(id_in_path)
    try:
        message = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise ContractError("the body must be JSON") from None
    if not isinstance(message, dict):
        raise ContractError("the body must be a JSON object")
    id_in_body, phone, text = message.get("id"), message.get("phone"), message.get("text")
    if not _is_int64(id_in_body) or id_in_body != message_id:
        raise ContractError("id must be the number in the path, an integer of 64 bits")
    if not _is_int64(phone):
        raise ContractError("phone must be an integer of 64 bits")
    if not isinstance(text, str):
        raise ContractError("text must be a string")
    return message_id, phone, text


def _is_int64(value: object) -> TypeGuard[int]:
    return type(value) is int and value in INT64
