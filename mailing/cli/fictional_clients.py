"""Clients who do not exist, for samples and demonstrations: the same ones each time."""

from collections.abc import Iterator
from random import Random
from typing import Final

from mailing.clients.validation import NewClient

# Codes of Russian mobile operators.
_OPERATOR_CODES: Final = tuple(
    str(code)
    for first, last in ((900, 906), (908, 920), (921, 934), (936, 939), (950, 953), (958, 969), (977, 989), (991, 999))
    for code in range(first, last + 1)
)

# Every time zone of Russia, with how many in a thousand clients live there, roughly as people do.
_ZONES: Final = {
    "Europe/Kaliningrad": 8,
    "Europe/Moscow": 560,
    "Europe/Kirov": 9,
    "Europe/Volgograd": 17,
    "Europe/Astrakhan": 7,
    "Europe/Saratov": 17,
    "Europe/Ulyanovsk": 8,
    "Europe/Samara": 34,
    "Asia/Yekaterinburg": 130,
    "Asia/Omsk": 13,
    "Asia/Novosibirsk": 19,
    "Asia/Barnaul": 17,
    "Asia/Tomsk": 7,
    "Asia/Novokuznetsk": 18,
    "Asia/Krasnoyarsk": 26,
    "Asia/Irkutsk": 23,
    "Asia/Chita": 7,
    "Asia/Yakutsk": 12,
    "Asia/Khandyga": 3,
    "Asia/Vladivostok": 24,
    "Asia/Ust-Nera": 3,
    "Asia/Magadan": 4,
    "Asia/Sakhalin": 4,
    "Asia/Srednekolymsk": 3,
    "Asia/Kamchatka": 4,
    "Asia/Anadyr": 3,
}

_TAGS: Final = {"new": 25, "regular": 40, "promo": 20, "vip": 5, "": 10}

_NUMBERS = 10_000_000
_STRIDE = 7_368_787  # Has no divisor in common with _NUMBERS, so that no number comes twice before all have come.


def fictional_clients(seed: int, tag: str | None = None) -> Iterator[NewClient]:
    """Endlessly many (several hundred million) clients with different phones, all tagged `tag` or with a mix of tags.

    Those of two seeds may have phones in common.
    """
    random = Random(seed)
    zones, zone_weights = list(_ZONES), list(_ZONES.values())
    tags, tag_weights = list(_TAGS), list(_TAGS.values())
    number = random.randrange(_NUMBERS)
    while True:
        for code in _OPERATOR_CODES:
            yield NewClient(
                phone=int(f"7{code}{number:07}"),
                operator_code=code,
                tag=tag if tag is not None else random.choices(tags, tag_weights)[0],
                timezone=random.choices(zones, zone_weights)[0],
            )
        number = (number + _STRIDE) % _NUMBERS
