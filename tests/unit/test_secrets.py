"""Can nobody guess an address that we hand out? Long, never twice, and each character as likely as any other."""

import re
import secrets
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from consent.domain.card_codes import ALPHABET, new_code
from consent.services.drafts import TOKEN_BYTES as FAMILY_BYTES
from consent.services.kiosks import KEY_BYTES
from consent.services.tokens import TOKEN_BYTES as API_BYTES

HOW_MANY = 100_000
NEARLY_NEVER = 6.0
"""So many standard deviations: a fair generator goes beyond them once in a billion times, a loaded one at once."""


def unlikeliness(values: Sequence[object], kinds: int) -> float:
    """The chi-square of what stands in one place, in standard deviations of a fair draw (Wilson and Hilferty)."""
    expected = len(values) / kinds
    counted = Counter(values)
    chi_square = sum((count - expected) ** 2 for count in counted.values()) / expected
    chi_square += (kinds - len(counted)) * expected
    spread = 2 / (9 * (kinds - 1))
    return float(((chi_square / (kinds - 1)) ** (1 / 3) - (1 - spread)) / spread**0.5)


def a_token() -> bytes:
    return urlsafe_b64decode(secrets.token_urlsafe(KEY_BYTES) + "=")


@pytest.mark.parametrize(("draw", "places", "kinds"), [(new_code, 26, 32), (a_token, 32, 256)])
def test_of_a_hundred_thousand_none_is_drawn_twice_and_each_place_is_fair(
    draw: Callable[[], Sequence[object]], places: int, kinds: int
):
    drawn = [draw() for _ in range(HOW_MANY)]
    assert len(set(drawn)) == HOW_MANY
    columns = list(zip(*drawn, strict=True))
    assert len(columns) == places
    assert max(unlikeliness(column, kinds) for column in columns) < NEARLY_NEVER


def test_a_generator_that_favors_one_character_a_little_is_noticed():
    loaded = [secrets.choice(ALPHABET if secrets.randbelow(30) else ALPHABET[:1]) for _ in range(HOW_MANY)]
    assert unlikeliness(loaded, len(ALPHABET)) > NEARLY_NEVER


def test_every_secret_has_128_random_bits_at_least():
    assert re.fullmatch(f"[{ALPHABET}]{{26}}", new_code()), "26 characters of 5 bits"
    assert min(API_BYTES, FAMILY_BYTES, KEY_BYTES) * 8 >= 128
