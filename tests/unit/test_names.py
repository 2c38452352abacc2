"""Is a name found however it is written or typed?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.domain.names import LONGEST_WORD, first_trigram, fold, one_slip_away, trigrams, words_of, words_typed


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("José", "jose"),
        ("GARCÍA-MÁRQUEZ", "garcia-marquez"),
        ("Łukasz", "lukasz"),
        ("Ørsted", "orsted"),
        ("Đặng", "dang"),
        ("Weiß", "weiss"),
        ("Æsa", "aesa"),
        ("Þór", "thor"),
        ("Işık", "isik"),
        ("ﬁona", "fiona"),
        ("Ａｄａ", "ada"),
        ("محمّد", "محمد"),
        ("がく", "がく"),
        ("민준", "민준"),
        ("रवि", "रवि"),
    ],
)
def test_accents_case_and_forms_make_no_difference_and_letters_do(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("first_name", "last_name", "found_as"),
    [
        ("Siobhán", "O'Brien", {"siobhan", "obrien", "brien"}),
        ("Siobhán", "O\N{RIGHT SINGLE QUOTATION MARK}Brien", {"obrien", "brien"}),
        ("Gabriel", "García-Márquez", {"gabriel", "garcia", "marquez", "garciamarquez"}),
        ("José María", "de la O", {"jose", "maria", "josemaria", "de", "la", "o", "delao"}),
        ("小明", "王", {"小明", "王", "王小明", "小明王"}),
        ("X", "—", {"x"}),
    ],
)
def test_a_compound_name_is_found_in_one_piece_and_in_several(
    first_name: str, last_name: str, found_as: set[str]
) -> None:
    assert found_as <= words_of(first_name, last_name)


def test_a_compound_typed_may_mean_its_pieces_or_the_whole() -> None:
    assert words_typed("O'Brien, Siobhán") == [("o", "brien", "siobhan"), ("obrien", "siobhan")]
    assert words_typed("  mar  gar ") == [("mar", "gar")]
    assert words_typed("¿?") == []


@given(st.text(max_size=128), st.text(max_size=128))
def test_every_name_can_be_folded_and_fits_the_index(first_name: str, last_name: str) -> None:
    words = words_of(first_name, last_name)
    assert all(0 < len(word) <= LONGEST_WORD for word in words)
    assert all(fold(word) == word for word in words if len(word) < LONGEST_WORD)


@given(st.text(alphabet=st.characters(categories=["Ll", "Lo", "Lu"]), min_size=1, max_size=40))
def test_whoever_types_the_name_as_it_is_written_finds_it(name: str) -> None:
    kept = words_of(name, name)
    assert any(
        all(any(word.startswith(typed) for word in kept) for typed in reading) for reading in words_typed(name)
    ) or not words_typed(name)


def test_how_a_word_begins_and_ends_counts_among_its_trigrams() -> None:
    assert trigrams("anna") == {" an", "ann", "nna", "na "}
    assert trigrams("x") == {" x "}
    assert first_trigram("anna") in trigrams("anna")
    assert first_trigram("x") in trigrams("x")


def test_one_slip_is_a_letter_missing_added_changed_or_swapped() -> None:
    assert {"jon", "jhon", "johna", "jokn", "jonh"} <= one_slip_away("john")
    assert "john" not in one_slip_away("john")
