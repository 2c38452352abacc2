"""Is each line of a file read strictly, and written so that it reads back the same?"""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.domain.exchange.problems import AT_MOST, ImportRefused, Problems
from consent.domain.exchange.reading import read_line
from consent.domain.exchange.shapes import SHAPES
from consent.domain.exchange.values import EXACT_INTEGERS
from consent.domain.exchange.writing import as_said, write_line
from tests.builders.exchange import WHOLE, FileMaker, whole, written

TODAY = date(2026, 7, 1)
NEITHER = [None, 7, 1.5, True, [], {}, ["a"], {"a": "b"}]
UNWRITABLE = ["a\0b", "\ud800", "a\udfff"]
BAD_TEXT = [*NEITHER, *UNWRITABLE]
BAD_ID = [*BAD_TEXT, "", "x" * 65]
BAD_NAME = [*BAD_TEXT, "", " ", "\t\n\u3000", "x" * 129]
BAD_INSTANT = [
    *NEITHER, "", "now", "2026-07-01", "2026-07-01T12:00:00", "2026-07-01 12:00:00Z", "2026-07-01T12:00Z",
    "2026-07-01T12:00:00+0200", "2026-07-01T12:00:00+02", "2026-07-01T12:00:00+24:00", "2026-07-01T12:00:00+02:60",
    "2026-07-01T24:00:00Z", "2026-07-01T12:60:00Z", "2026-12-31T23:59:60Z", "2026-02-29T12:00:00Z",
    "2026-13-01T12:00:00Z", "2026-00-01T12:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01", "10000-01-01T00:00:00Z", "2026-07-01T12:00:00.Z", "2026-07-01T12:00:00,5Z",
    "2026-07-01T12:00:00.Z", "2026-07-01T12:00:00 Z", " 2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z\n",
    "2026-W27-3T12:00:00Z", "20260701T120000Z", "２０26-07-01T12:00:00Z", "2026-07-01T12:00:00Z[America/Phoenix]",
    "+2026-07-01T12:00:00Z", "2026-182T12:00:00Z", "1782907200",
]  # fmt: skip
BAD_DAY = [
    *NEITHER, "", "2026-7-1", "20260701", "2026-07-01T00:00:00Z", "2026-02-29", "2026-W27-3", "0000-01-01",
    "01/07/2026", "2026-07-01 ", "２０２６-07-01", "2026-13-01", "10000-01-01", "-001-01-01",
]  # fmt: skip
BAD_FLAG = [None, 0, 1, "true", "", [], {}, 1.0]
BAD_INTEGER = [
    None, "2", "", 2.0, 1.5, True, False, [2], {}, EXACT_INTEGERS + 1, -EXACT_INTEGERS - 1, 10**25,
    float("inf"), float("-inf"), float("nan"),
]  # fmt: skip
BAD_USES = [
    None,
    "photo",
    7,
    True,
    {},
    {"photo": "yes"},
    [],
    ["livestream"],
    ["photo", None],
    ["Photo"],
    [["photo"]],
    [""],
]
BAD_WORDING = [None, "text", 7, [], {}, {"en": "a"}, {"en": "a", "es": 7}, {"en": "a", "es": None},
               {"en": "a\0", "es": "b"},
               {"en": "a", "es": "b", "fr": "c"}, {"EN": "a", "ES": "b"}, {"en": "\ud800", "es": "b"}]  # fmt: skip
BAD_IDS = [None, 7, True, "", "facebook", "ALL", [], {}, [""], [7], [None], ["x" * 65], ["a\0"], [["a"]]]
BAD_WORD = [*NEITHER, "", "PARENT", "EN", "en ", "mother", "fr", "en\0"]

BENT = {
    "platform": {"id": BAD_ID, "name": BAD_NAME, "approved_from": BAD_INSTANT, "approved_until": BAD_INSTANT},
    "program": {"id": BAD_ID, "name": BAD_NAME, "starts": BAD_DAY, "ends": BAD_DAY},
    "form": {
        "id": BAD_ID, "version": BAD_INTEGER, "uses": [*BAD_USES, "all"], "title": BAD_WORDING, "body": BAD_WORDING,
        "published_at": BAD_INSTANT, "withdrawn_at": BAD_INSTANT,
    },
    "patron": {
        "id": BAD_ID, "first_name": BAD_NAME, "last_name": BAD_NAME, "born": [*BAD_DAY, "2026-07-02", "9999-12-31"],
        "adult": BAD_FLAG, "emancipated_on": BAD_DAY,
        "handles": [7, "", "facebook", [], ["facebook"], True, {"facebook": None}, {"facebook": 7}, {"facebook": ""},
                    {"": "ada"}, {"x" * 65: "ada"}, {"facebook": {"a": "b"}}, {"facebook": "a\0"}, {"\ud800": "ada"}],
    },
    "guardian": {
        "id": [*BAD_ID, "self"], "first_name": BAD_NAME, "last_name": BAD_NAME,
        "email": [*BAD_TEXT, "x" * 321], "phone": [*BAD_TEXT, "1" * 65],
    },
    "guardianship": {
        "guardian": BAD_ID, "patron": BAD_ID, "relationship": BAD_WORD, "since": BAD_INSTANT,
        "until": [*BAD_INSTANT, "2015-02-28T00:00:00Z", "2015-02-27T23:59:59Z", "2015-02-28T02:00:00+02:00"],
        "beyond_majority": BAD_FLAG,
    },
    "enrollment": {"patron": BAD_ID, "program": BAD_ID},
    "consent": {
        "id": BAD_ID, "patron": BAD_ID, "signer": BAD_ID, "signed_at": BAD_INSTANT,
        "witnessed_at": [*BAD_INSTANT, "2026-01-01T16:59:59.999999Z"],
        "answers": [None, 7, 1.5, True, [], ["a"], {"a": "b"}, "", "all", {"livestream": "yes"},
                    {"photo": "maybe"}, {"photo": None}, {"photo": True},
                    {"photo": ["yes"]}, {"Photo": "yes"}, {"": "yes"}, {"photo": "YES"}, {"photo\0": "yes"}],
        "channels": [7, "", "department", "all", True, {}, [], ["billboard"], ["department", 7], [["department"]]],
        "platforms": BAD_IDS, "programs": BAD_IDS,
        "expires_at": [*BAD_INSTANT, "2026-01-01T17:00:00Z", "2026-01-01T10:00:00-07:00", "2025-01-01T00:00:00Z"],
        "form": BAD_ID, "version": BAD_INTEGER, "language": BAD_WORD,
        "voided_at": [*BAD_INSTANT, "2026-01-01T16:59:59Z"],
    },
    "withdrawal": {
        "id": BAD_ID, "patron": BAD_ID, "signer": BAD_ID, "at": BAD_INSTANT, "uses": BAD_USES,
        "voided_at": [*BAD_INSTANT, "2026-02-28T23:59:59Z"],
    },
    "hold": {
        "id": BAD_ID, "patron": BAD_ID, "since": BAD_INSTANT,
        "until": [*BAD_INSTANT, "2026-01-01T00:00:00Z", "2025-12-31T00:00:00Z"], "reason": BAD_TEXT,
    },
}  # fmt: skip
MAY_BE_ABSENT = {
    "platform": {"approved_until"}, "program": set(), "form": {"withdrawn_at"},
    "patron": {"born", "adult", "emancipated_on", "handles"}, "guardian": {"email", "phone"},
    "guardianship": {"until", "beyond_majority"}, "enrollment": set(),
    "consent": {"witnessed_at", "channels", "expires_at", "voided_at"}, "withdrawal": {"voided_at"}, "hold": {"until"},
}  # fmt: skip
EVERY_KEY = [(kind, key) for kind, keys in WHOLE.items() for key in keys]


def read(said):
    return read_line(written(said), today=TODAY)


def keys_at_fault(reading):
    return {key.split(".")[0] for key, _ in reading.faults}


@pytest.mark.parametrize(("kind", "key"), EVERY_KEY)
def test_a_wrong_value_is_refused_under_its_key(kind, key):
    optional = key in MAY_BE_ABSENT[kind]
    wrong = [value for value in BENT[kind][key] if value is not None or not optional]
    faulty = {repr(value): keys_at_fault(read(whole(kind, **{key: value}))) for value in wrong}
    assert {value: keys for value, keys in faulty.items() if key not in keys} == {}
    assert all(keys <= {key, "until", "expires_at", "witnessed_at", "voided_at"} for keys in faulty.values())


@pytest.mark.parametrize(("kind", "key"), EVERY_KEY)
def test_a_key_may_be_absent_or_null_only_where_the_format_says_so(kind, key):
    absent, null = (read(whole(kind, **{key: value})) for value in (..., None))
    if key in MAY_BE_ABSENT[kind]:
        assert absent.line == null.line is not None
    else:
        assert keys_at_fault(absent) == keys_at_fault(null) == {key}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_line_is_read_and_written_back(kind):
    reading = read(whole(kind))
    assert reading.faults == []
    assert as_said(reading.line) == whole(kind)


@pytest.mark.parametrize("kind", WHOLE)
def test_an_unknown_key_is_refused_by_its_name(kind):
    assert keys_at_fault(read(whole(kind, note="x"))) == {"note"}
    assert keys_at_fault(read(whole(kind, note=None))) == {"note"}
    assert keys_at_fault(read(whole(kind) | {"ID": "x"})) == {"ID"}


def test_of_a_thousand_unknown_keys_ten_are_named():
    assert len(read(whole("hold") | {f"note {number}": 1 for number in range(1000)}).faults) == 10


def test_all_that_is_wrong_with_a_line_is_said_at_once():
    assert keys_at_fault(read(whole("consent", id=7, language="fr", extra=1, answers=[]))) == {
        "id", "language", "extra", "answers",
    }  # fmt: skip


@pytest.mark.parametrize("kind", [None, 7, True, "", "Patron", "card", ["patron"], {"patron": 1}, "patron\0"])
def test_an_unknown_type_is_refused(kind):
    assert keys_at_fault(read(whole("patron") | {"type": kind})) == {"type"}
    assert keys_at_fault(read(WHOLE["patron"])) == {"type"}


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[]",
        b"null",
        b"7",
        b'"patron"',
        b"{} {}",
        b"{'type': 'patron'}",
        b'{"type": "patron",}',
        b"\xff\xfe{\x00}\x00",
        b'{"type": "\xff"}',
        b'{"type": "\xed\xa0\x80"}',
        b"\x00",
        b'{"type": "pa\ttron"}',
        b"// a comment",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"1" * 200_000,
        b"\xef\xbb\xbf{}",
    ],
)
def test_what_is_no_json_object_is_refused_as_a_line(raw):
    [(key, expected)] = read_line(raw, today=TODAY).faults
    assert key == ""
    assert "expected one JSON object in UTF-8" in expected


def test_a_number_of_ten_thousand_digits_is_refused_under_its_key():
    raw = written(whole("form", version=7)).replace(b'"version": 7', b'"version": ' + b"7" * 10_000)
    assert keys_at_fault(read_line(raw, today=TODAY)) == {"version"}


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (b'{"type": "enrollment", "patron": "P1", "program": "camp", "patron": "P1"}', "patron"),
        (b'{"type": "patron", "type": "patron"}', "type"),
        (b'{"type": "consent", "answers": {"photo": "no", "ph\\u006fto": "yes"}}', "photo"),
        (b'{"type": "consent", "answers": {"a\\u0000b": 1, "a\\u0000b": 2}}', '"a\\x00b"'),
    ],
)
def test_a_key_given_twice_is_refused_however_deep(raw, key):
    assert read_line(raw, today=TODAY).faults == [(key, "expected each key once")]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-07-01T12:00:00-07:00", datetime(2026, 7, 1, 19, tzinfo=UTC)),
        ("2026-07-01t12:00:00z", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        ("2026-07-01T12:00:00-00:00", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        ("2026-07-01T12:00:00.5Z", datetime(2026, 7, 1, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-07-01T12:00:00.123456000000Z", datetime(2026, 7, 1, 12, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-07-01T23:59:59+23:59", datetime(2026, 7, 1, 0, 0, 59, tzinfo=UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999Z", datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_an_instant_is_the_same_however_it_is_written(text, instant):
    line = read(whole("platform", approved_from=text)).line
    assert line.approved_from == instant
    assert read_line(write_line(line), today=TODAY).line == line


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("patron", {"id": "x" * 64, "first_name": " " * 9 + "x" * 128 + "\n", "born": "2026-07-01"}),
        ("patron", {"id": " ", "handles": {}, "adult": True, "born": "0001-01-01", "emancipated_on": "9999-12-31"}),
        ("patron", {"id": "😀" * 64, "last_name": "😀" * 128}),
        ("patron", {"id": "self"}),
        ("guardian", {"id": "Self", "email": "", "phone": ""}),
        ("consent", {"witnessed_at": "2026-01-01T10:00:00-07:00", "voided_at": "2026-01-01T17:00:00Z"}),
        ("consent", {"witnessed_at": "2099-01-01T00:00:00Z", "expires_at": "2026-01-01T17:00:00.000001Z"}),
        ("consent", {"platforms": "all", "programs": "all", "signer": "self", "channels": ["personal"]}),
        ("withdrawal", {"uses": "all", "voided_at": "2026-03-01T00:00:00Z"}),
        ("form", {"version": -EXACT_INTEGERS, "title": {"en": "", "es": ""}, "withdrawn_at": "2001-01-01T00:00:00Z"}),
        ("form", {"version": EXACT_INTEGERS, "uses": ["photo"]}),
        ("program", {"starts": "2026-08-01", "ends": "2026-06-01"}),
        ("platform", {"approved_until": "2001-01-01T00:00:00Z"}),
        ("hold", {"reason": ""}),
    ],
)
def test_a_history_that_may_not_count_is_well_formed_all_the_same(kind, changes):
    assert read(whole(kind, **changes)).faults == []


def test_names_are_trimmed_and_lists_have_neither_order_nor_repeats():
    line = read(whole("consent", channels=["personal", "department", "personal"], programs=["b", "a", "b"])).line
    assert (line.channels, line.programs) == (("department", "personal"), ("a", "b"))
    assert read(whole("guardian", first_name="\u00a0 Eva \t")).line.first_name == "Eva"
    assert read(whole("form", uses=["tag", "photo", "tag"])).line.uses == ("tag", "photo")


@given(random=st.randoms(use_true_random=True))
def test_what_is_written_reads_back_the_same_however_it_came(random):
    maker = FileMaker(random, "x")
    for canonical in maker.lines():
        reading = read(maker.as_somebody_writes(canonical))
        assert reading.faults == []
        assert as_said(reading.line) == canonical
        assert read_line(write_line(reading.line), today=TODAY).line == reading.line


@given(raw=st.one_of(st.binary(), st.text().map(str.encode)))
def test_any_bytes_get_a_line_or_a_reason(raw):
    reading = read_line(raw, today=TODAY)
    assert (reading.line is None) == bool(reading.faults)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["all", "self", "photo", "yes"]),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=5,
)


@given(kind=st.sampled_from(sorted(WHOLE)), choose=st.randoms(use_true_random=False), value=JSON_VALUES)
def test_any_value_under_any_key_is_read_or_refused_with_a_reason(kind, choose, value):
    key = choose.choice([*WHOLE[kind], "type", "unheard-of"])
    reading = read_line(json.dumps(whole(kind) | {key: value}).encode(), today=TODAY)
    assert (reading.line is None) == bool(reading.faults)
    assert all(expected.startswith(("expected", "unknown key; expected")) for _, expected in reading.faults)


def test_a_wrong_line_still_says_what_it_is_about_so_that_others_are_not_wrong_for_its_sake():
    assert read(whole("patron", first_name="")).named == ("patron", "P1")
    assert read(whole("form", uses=[])).named == ("form", ("media", 2))
    assert read(whole("form", version="2")).named is None
    assert read(whole("patron", id="")).named is None


def test_the_first_hundred_wrong_lines_are_named_and_the_others_counted():
    problems = Problems()
    for line in range(1, AT_MOST + 51):
        problems.add(line, "id", "expected an id")
        problems.add(line, "name", "expected a name")
    told = str(ImportRefused(problems)).splitlines()

    assert told[:2] == ["Nothing was imported: 150 lines are wrong.", "line 1: id: expected an id"]
    assert len(told) == 2 * AT_MOST + 2
    assert told[-1] == "… and 50 more"


def test_the_table_of_wrong_values_knows_every_key():
    assert {kind: set(keys) for kind, keys in BENT.items()} == {
        kind: set(shape.names()) for kind, shape in SHAPES.items()
    }
