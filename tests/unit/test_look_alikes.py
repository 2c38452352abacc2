"""Is a name that only looks like another recognized, and every honest one left alone?"""

import pytest

from consent.domain.look_alikes import Doubt, doubts
from consent.domain.signing import name_key

CYRILLIC_A, ZERO_WIDTH, REVERSED = "\u0410", "\u200b", "\u202e"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (f"{CYRILLIC_A}na", [Doubt.MIXED_ALPHABETS]),
        ("Zo\u03b5 Avila", [Doubt.MIXED_ALPHABETS]),
        ("Smi\u03c4h-Jones", [Doubt.MIXED_ALPHABETS]),
        ("\u13a1obert", [Doubt.MIXED_ALPHABETS]),
        (f"{CYRILLIC_A}{ZERO_WIDTH}na", [Doubt.MIXED_ALPHABETS, Doubt.UNSEEN_CHARACTERS]),
        ("\u0421\u0430\u0440\u0430", [Doubt.DRAWN_LIKE_LATIN]),
        ("Ana \u041e\u0441\u0435", [Doubt.DRAWN_LIKE_LATIN]),
        (f"A{ZERO_WIDTH}na", [Doubt.UNSEEN_CHARACTERS]),
        (f"{REVERSED}anA", [Doubt.UNSEEN_CHARACTERS]),
        ("A\u200dna", [Doubt.UNSEEN_CHARACTERS]),
        ("\ufeffAna", [Doubt.UNSEEN_CHARACTERS]),
        ("\u3164", [Doubt.UNSEEN_CHARACTERS]),
        ("Ana\nZapata", [Doubt.UNSEEN_CHARACTERS]),
        ("Ana\u2028Zapata", [Doubt.UNSEEN_CHARACTERS]),
    ],
)
def test_a_name_that_only_looks_like_another_is_told_of(name: str, told: list[Doubt]):
    assert list(doubts(name)) == told


@pytest.mark.parametrize(
    "name",
    [
        "Ana Zapata", "José María García-Márquez", "Zoë O\u2019Brien", "Nguyễn Thị Ánh", "Łukasz Weiß",
        "Ka\u02bbiulani", "Анна Иванова", "Сергей Павлов", "Γιώργος Παπαδόπουλος", "Анна-Maria",
        "Kenji 王小明", "山田 さくら", "ジョー 々木", "김민준 金", "محمّد علي",
        "नरेन्द्र", "राम\u200dकृष्ण", "سارا\u200cخانم", "Ａｄａ", "Ana 2nd",
        "Ada 🎉", "ﬁona",
    ],
)  # fmt: skip
def test_nothing_is_said_of_an_honest_name(name: str):
    assert doubts(name) == ()


def test_a_name_that_only_looks_the_same_is_another_name():
    assert name_key(f"{CYRILLIC_A}na", "Zapata") != name_key("Ana", "Zapata")
