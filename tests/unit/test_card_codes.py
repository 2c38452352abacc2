"""Does a scanned or typed card number come out as the code that was printed?"""

import re
from collections import Counter

import pytest

from consent.domain.card_codes import ALPHABET, LENGTH, code_sha256, in_groups, is_code, new_code, tidy_code

CODE = "0123456789ABCDEFGHJKMNPQRS"


@pytest.mark.parametrize(
    "given",
    [
        CODE,
        CODE.lower(),
        "0123 4567 89AB CDEF GHJK MNPQ RS",
        "0123-4567-89ab-cdef-ghjk-mnpq-rs",
        f"  {CODE}\r\n",
        "O" + CODE[1:],
        "OI23456789ABCDEFGHJKMNPQRS",
        "ol23456789abcdefghjkmnpqrs",
        f"HTTP://LOCALHOST:8000/C/{CODE}",
        f"https://registry.example/c/{CODE.lower()}/",
    ],
)
def test_whatever_way_a_code_is_typed_or_scanned_it_is_the_same_code(given: str) -> None:
    assert tidy_code(given) == CODE
    assert is_code(tidy_code(given))


@pytest.mark.parametrize("given", ["", "ada", CODE[:-1], CODE + "0", CODE[:-1] + "U", CODE[:-1] + "é", CODE + "\n"])
def test_what_is_no_code_is_not_taken_for_one(given: str) -> None:
    assert not is_code(given)


def test_a_new_code_has_26_characters_each_as_likely_as_any_other() -> None:
    codes = [new_code() for _ in range(2_000)]
    assert all(is_code(code) for code in codes)
    assert len(set(codes)) == len(codes)
    for place in range(LENGTH):
        assert set(Counter(code[place] for code in codes)) == set(ALPHABET)


def test_people_read_it_in_groups_of_four() -> None:
    assert in_groups(CODE) == "0123 4567 89AB CDEF GHJK MNPQ RS"
    assert tidy_code(in_groups(CODE)) == CODE


def test_only_a_hash_of_it_is_kept() -> None:
    assert re.fullmatch("[0-9a-f]{64}", code_sha256(CODE))
    assert code_sha256(CODE) != code_sha256(new_code())
