"""Does a file get in whole or not at all, only once, and out again as it was?"""

import hashlib
import io
import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import func, select

from consent.app import create_app, main
from consent.domain.events import EventKind
from consent.domain.exchange.problems import ImportRefused
from consent.services.exchange.exporting import export_lines
from consent.services.exchange.importing import import_file, rehearse_import
from consent.settings import Settings
from consent.storage.database import Model, begin_writing, db
from consent.storage.models import (
    Consent,
    FormVersion,
    LedgerEvent,
    Patron,
    PatronMatch,
    PatronWord,
    SealedContent,
    ShownText,
)
from tests.builders.exchange import WHOLE, FileMaker, a_whole_file, whole, written

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
ZONE = Settings().zone
LATER = "2031-05-05T05:05:05.5Z"
GAINED = {
    "platform": "approved_until", "form": "withdrawn_at", "guardianship": "until", "consent": "witnessed_at",
    "withdrawal": "voided_at", "hold": "until",
}  # fmt: skip
KINDS = {
    "platform": EventKind.PLATFORM_CHANGED,
    "form": EventKind.FORM_WITHDRAWN,
    "guardianship": EventKind.GUARDIANSHIP_ENDED,
    "consent": EventKind.CONSENT_WITNESSED,
    "withdrawal": EventKind.WITHDRAWAL_VOIDED,
    "hold": EventKind.HOLD_ENDED,
}


def take(session, *lines):
    return tuple_of(import_file(session, io.BytesIO(written(*lines)), zone=ZONE, now=NOW))


def tuple_of(imported):
    return imported.new, imported.updated, imported.unchanged


def refusal(session, *lines):
    """The places named as wrong: pairs of a line's number and a key."""
    before = everything(session)
    with pytest.raises(ImportRefused) as refused:
        take(session, *lines)
    assert everything(session) == before
    return [(problem.line, problem.key) for problem in refused.value.problems]


def exported(session):
    return [json.loads(line) for line in export_lines(session)]


def everything(session):
    """How many rows each table has, the ledger's head, and all that an export says."""
    session.rollback()
    counts = {
        table.name: session.scalar(select(func.count()).select_from(table)) for table in Model.metadata.sorted_tables
    }
    head = session.scalar(select(LedgerEvent.leaf).order_by(LedgerEvent.position.desc()).limit(1))
    return counts, head, b"".join(export_lines(session))


def events(session):
    found = select(LedgerEvent.kind, SealedContent.canonical).join(SealedContent).order_by(LedgerEvent.position)
    return [(EventKind(kind), json.loads(canonical)) for kind, canonical in session.execute(found)]


def in_any_order(lines):
    return sorted(json.dumps(line, sort_keys=True) for line in lines)


def empty_registry(tmp_path, migrated_sqlite):
    instance = tmp_path / "second"
    instance.mkdir()
    (instance / "registry.sqlite").write_bytes(migrated_sqlite.read_bytes())
    return create_app(Settings(instance=instance))


def test_whatever_history_gets_in_gets_out_again(session, tmp_path, migrated_sqlite):
    random = Random(650_311)  # noqa: S311  # the same files at every run
    for number in range(12):
        maker = FileMaker(random, f"file {number}")
        before, lines = in_any_order(exported(session)), list(maker.lines())

        said = [maker.as_somebody_writes(line) for line in lines]
        assert take(session, *said) == (len(lines), 0, 0)
        assert in_any_order(exported(session)) == sorted(before + in_any_order(lines))
        assert take(session, *said) == (0, 0, len(lines))

    whole_file = b"".join(export_lines(session))
    second = empty_registry(tmp_path, migrated_sqlite)
    with second.app_context():
        import_file(db.session(), io.BytesIO(whole_file), zone=ZONE, now=NOW)
        assert b"".join(export_lines(db.session())) == whole_file
        for engine in db.engines.values():
            engine.dispose()


def test_an_export_says_every_key_of_every_type_in_an_order_that_can_be_read(session):
    take(session, *a_whole_file())
    assert exported(session) == a_whole_file()


def test_the_same_file_twice_adds_nothing(session):
    take(session, *a_whole_file())
    before = everything(session)
    assert take(session, *a_whole_file()) == (0, 0, len(WHOLE))
    assert everything(session) == before


def test_one_wrong_line_refuses_the_whole_file(session):
    for place, kind in enumerate(WHOLE, start=1):
        wrong = whole(kind, **{list(WHOLE[kind])[-1]: 7})
        assert [line for line, _ in refusal(session, *a_whole_file(**{kind: wrong}))] == [place]


def test_every_kind_of_fact_leaves_its_event_in_the_ledger(session):
    take(session, *a_whole_file())
    assert [kind for kind, _ in events(session)] == [
        EventKind.PLATFORM_ADDED, EventKind.PROGRAM_ADDED, EventKind.FORM_PUBLISHED, EventKind.FORM_WITHDRAWN,
        EventKind.PATRON_ADDED, EventKind.GUARDIAN_ADDED, EventKind.GUARDIANSHIP_ADDED, EventKind.ENROLLMENT_ADDED,
        EventKind.CONSENT_SIGNED, EventKind.CONSENT_WITNESSED, EventKind.CONSENT_VOIDED,
        EventKind.WITHDRAWAL_MADE, EventKind.WITHDRAWAL_VOIDED, EventKind.HOLD_PLACED,
    ]  # fmt: skip
    assert set(session.scalars(select(LedgerEvent.actor))) == {"import"}


def test_a_consent_is_sealed_as_it_was_signed_with_the_texts_it_was_signed_under(session):
    take(session, *a_whole_file())
    kept = session.scalars(select(Consent)).one()
    [content] = [content for kind, content in events(session) if kind is EventKind.CONSENT_SIGNED]
    text = session.get(ShownText, kept.shown_sha256).text
    form = session.scalars(select(FormVersion)).one()
    texts = '{"body":{"en":"We may…","es":"Podemos…"},"title":{"en":"Permission","es":"Permiso"}}'

    assert text == "Permiso\n\nPodemos…"
    assert kept.shown_sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert form.text_sha256 == hashlib.sha256(texts.encode()).hexdigest()
    assert content == whole("consent", witnessed_at=..., voided_at=...) | {
        "text_sha256": form.text_sha256,
        "shown_sha256": kept.shown_sha256,
        "assurance": "imported",
    }
    sealed, event = session.get(SealedContent, kept.event_position), session.get(LedgerEvent, kept.event_position)
    assert hashlib.sha256(sealed.salt + sealed.canonical.encode()).hexdigest() == event.leaf


@pytest.mark.parametrize(("kind", "key"), GAINED.items())
def test_a_value_is_gained_once_and_then_never_changes(session, kind, key):
    full, without = whole(kind), whole(kind, **{key: ...})
    take(session, *a_whole_file(**{kind: without}))

    assert take(session, full) == (0, 1, 0)
    assert exported(session) == a_whole_file()
    assert events(session)[-1][0] is KINDS[kind]
    assert take(session, full) == (0, 0, 1)
    assert refusal(session, whole(kind, **{key: LATER})) == [(1, key)]
    assert refusal(session, without) == [(1, key)]
    assert refusal(session, whole(kind, **{key: None})) == [(1, key)]


def test_a_consent_gains_its_witness_and_its_voiding_at_different_times(session):
    take(session, *a_whole_file(consent=whole("consent", witnessed_at=..., voided_at=...)))
    assert take(session, whole("consent", witnessed_at=...)) == (0, 1, 0)
    assert take(session, whole("consent")) == (0, 1, 0)
    assert exported(session) == a_whole_file()


OTHERWISE = {
    "platform": {"approved_from": LATER},
    "form": {
        "uses": ["photo", "tag"], "title": {"en": "Permission", "es": "permiso"}, "body": {"en": "?", "es": "Podemos…"},
        "published_at": LATER,
    },
    "guardianship": {"relationship": "agency", "beyond_majority": True},
    "consent": {
        "patron": "P2", "signer": "self", "signed_at": "2026-01-01T17:00:00.000001Z", "answers": {"photo": "yes"},
        "channels": ["personal"], "platforms": "all", "programs": "all", "expires_at": LATER, "form": "other",
        "version": 3, "language": "en",
    },
    "withdrawal": {"patron": "P2", "signer": "G1", "at": "2026-03-01T00:00:01Z", "uses": "all"},
    "hold": {"patron": "P2", "since": "2026-01-01T00:00:01Z", "reason": "court order 12"},
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERWISE)
def test_what_was_signed_or_decided_never_changes(session, kind):
    others = [whole("patron", id="P2"), whole("form", id="other", version=2), whole("form", id="media", version=3)]
    take(session, *a_whole_file(), *others)
    for key, value in OTHERWISE[kind].items():
        assert refusal(session, whole("program"), whole(kind, **{key: value})) == [(2, key)], key


CORRECTIONS = {
    "platform": {"name": "Face Book"},
    "program": {"name": "Day camp", "starts": "2026-06-02", "ends": "2026-08-15"},
    "patron": {
        "first_name": "Adela", "last_name": "Ñuñez", "born": "2015-03-01", "adult": True,
        "emancipated_on": "2031-01-01", "handles": {"facebook": "adela"},
    },
    "guardian": {"first_name": "Ewa", "last_name": "Nunez", "email": "ewa@example.org", "phone": "555 0199"},
}  # fmt: skip


@pytest.mark.parametrize("kind", CORRECTIONS)
def test_people_programs_and_platforms_are_corrected_with_a_trail(session, kind):
    take(session, *a_whole_file())
    for key, value in CORRECTIONS[kind].items():
        was = next(line for line in exported(session) if line["type"] == kind)
        corrected = was | {key: value}
        assert take(session, corrected) == (0, 1, 0)
        assert corrected in exported(session)
        event, content = events(session)[-1]
        assert event == f"{kind}-changed"
        assert (content["before"], content["after"]) == ({key: was[key]}, {key: value})
    assert take(session, corrected) == (0, 0, 1)


def test_a_corrected_name_is_found_under_its_new_words_only(session):
    take(session, *a_whole_file())
    take(session, whole("patron", first_name="Beatriz"))
    assert set(session.scalars(select(PatronWord.word))) == {"beatriz", "nunez"}


def test_values_that_a_correction_leaves_out_are_taken_away(session):
    take(session, *a_whole_file())
    bare = {"type": "patron", "id": "P1", "first_name": "Ada", "last_name": "Nuñez"}
    assert take(session, bare) == (0, 1, 0)
    assert bare | {"adult": False} in exported(session)


@pytest.mark.parametrize(("kind", "key"), GAINED.items())
def test_a_file_may_tell_a_record_and_later_what_it_gained(session, kind, key):
    lines = [*a_whole_file(**{kind: whole(kind, **{key: None})}), whole(kind), whole(kind)]
    assert take(session, *lines) == (len(WHOLE), 0, 0)
    assert exported(session) == a_whole_file()
    assert take(session, *lines) == (0, 0, len(WHOLE))
    assert refusal(session, *lines, whole(kind, **{key: None})) == [(len(lines) + 1, key)]


def test_a_file_that_contradicts_itself_is_refused_at_its_second_word(session):
    again = whole("consent", answers={"photo": "no", "tag": "no"})
    assert refusal(session, *a_whole_file(), whole("hold"), again) == [(len(WHOLE) + 2, "answers")]
    corrected_twice = [whole("patron", first_name="Bea"), whole("patron", first_name="Cleo")]
    take(session, *a_whole_file(), *corrected_twice)
    assert corrected_twice[-1] in exported(session)
    assert take(session, *a_whole_file(), *corrected_twice) == (0, 0, len(WHOLE))


REFERENCES = [
    ("patron", "handles", {"nowhere": "ada"}),
    ("guardianship", "guardian", "nobody"),
    ("guardianship", "patron", "nobody"),
    ("enrollment", "patron", "nobody"),
    ("enrollment", "program", "nothing"),
    ("consent", "patron", "nobody"),
    ("consent", "signer", "nobody"),
    ("consent", "platforms", ["facebook", "nowhere"]),
    ("consent", "programs", ["nothing"]),
    ("consent", "version", 3),
    ("withdrawal", "patron", "nobody"),
    ("withdrawal", "signer", "P1"),
    ("hold", "patron", "G1"),
]


def test_a_reference_to_nothing_is_refused_under_its_key(session):
    for kind, key, value in REFERENCES:
        place = list(WHOLE).index(kind) + 1
        assert refusal(session, *a_whole_file(**{kind: whole(kind, **{key: value})})) == [(place, key)]
    take(session, *a_whole_file())
    for kind, key, value in REFERENCES:
        assert (1, key) in refusal(session, whole(kind, **{key: value}))


def test_a_thing_is_named_before_it_is_referred_to(session):
    platform, program, form, patron, *others = a_whole_file()
    assert refusal(session, program, form, patron, platform, *others) == [(3, "handles")]
    assert take(session, program, form, platform, patron, *others) == (len(WHOLE), 0, 0)


def test_a_wrong_line_does_not_make_those_that_refer_to_it_wrong(session):
    wrong = whole("patron", born="soon")
    assert refusal(session, *a_whole_file(patron=wrong), whole("enrollment", patron="P9")) == [
        (list(WHOLE).index("patron") + 1, "born"),
        (len(WHOLE) + 1, "patron"),
    ]


def test_a_hundred_wrong_lines_are_named_and_the_others_counted(session):
    wrong = [whole("patron", born="soon") for _ in range(60)]
    lost = [whole("hold", id=f"H{number}") for number in range(90)]
    for lines in (wrong + lost + wrong, lost + wrong * 3):
        with pytest.raises(ImportRefused) as refused:
            take(session, *lines)
        assert len({problem.line for problem in refused.value.problems}) == 100
        assert f"… and {refused.value.more} more" in str(refused.value)


def test_only_uses_of_the_form_are_answered(session):
    narrow = whole("form", uses=["photo"])
    assert refusal(session, *a_whole_file(form=narrow)) == [(list(WHOLE).index("consent") + 1, "answers")]
    take(session, narrow)
    lines = [line for line in a_whole_file() if line["type"] != "form"]
    assert refusal(session, *lines) == [(list(WHOLE).index("consent"), "answers")]


def spans(*starts_and_ends):
    return [whole("guardianship", since=f"{since}-01-01T00:00:00Z", until=f"{until}-01-01T00:00:00Z" if until else None)
            for since, until in starts_and_ends]  # fmt: skip


PEOPLE = [whole("platform"), whole("patron"), whole("guardian")]


@pytest.mark.parametrize(
    ("on_file", "said", "wrong"),
    [
        ([], [(2020, 2021), (2021, None), (2019, 2020)], []),
        ([], [(2020, 2022), (2021, 2023)], [5]),
        ([], [(2021, 2023), (2020, 2022)], [5]),
        ([], [(2020, None), (2021, 2022)], [5]),
        ([], [(2020, 2030), (2021, 2022), (2023, 2024)], [5, 6]),
        ([(2020, 2022)], [(2022, None)], []),
        ([(2020, 2022)], [(2021, None)], [4]),
        ([(2020, None)], [(2021, None)], [4]),
        ([(2020, None)], [(2010, 2020)], []),
        ([(2020, None)], [(2020, 2021), (2021, None)], []),
        ([(2020, None)], [(2021, None), (2020, 2021)], []),
        ([], [(2020, None), (2021, None), (2020, 2021)], []),
    ],
)
def test_guardianships_of_one_pair_never_overlap(session, on_file, said, wrong):
    take(session, *PEOPLE, *spans(*on_file))
    if wrong:
        assert refusal(session, *PEOPLE, *spans(*said)) == [(line, "since") for line in wrong]
    else:
        take(session, *PEOPLE, *spans(*said))
        stored = sorted((line["since"], line.get("until", "9")) for line in exported(session) if "since" in line)
        assert all(until <= since for (_, until), (since, _) in pairwise(stored))


def test_another_pair_may_have_its_own_guardianship_at_the_same_time(session):
    others = [whole("patron", id="P2"), whole("guardian", id="G2")]
    more = [whole("guardianship", patron="P2"), whole("guardianship", guardian="G2")]
    assert take(session, *PEOPLE, *others, whole("guardianship"), *more) == (8, 0, 0)


def test_a_rehearsal_changes_not_one_row_and_not_one_byte(session, settings):
    take(session, *a_whole_file())
    session.rollback()
    file = settings.instance / "registry.sqlite"
    before, stored = everything(session), file.read_bytes() if file.exists() else b""
    changes = [whole("patron", first_name="Bea"), whole("patron", id="P2"), whole("hold")]

    assert tuple_of(rehearse_import(session, io.BytesIO(written(*changes)), zone=ZONE, now=NOW)) == (1, 1, 1)
    with pytest.raises(ImportRefused):
        rehearse_import(session, io.BytesIO(written(whole("hold", reason="?"))), zone=ZONE, now=NOW)
    assert everything(session) == before
    assert (file.read_bytes() if file.exists() else b"") == stored


KILLED = """
import io, os, signal, sys
from datetime import UTC, datetime
from consent.app import create_app
from consent.services.exchange.importing import import_file
from consent.storage.database import db
app = create_app()
def progress(doing, lines):
    if doing == "written":
        os.write(1, b"half way")
        os.kill(os.getpid(), signal.SIGKILL)
zone, now = app.config["CONSENT"].zone, datetime.now(UTC)
with app.app_context():
    import_file(db.session(), sys.stdin.buffer, zone=zone, now=now, progress=progress)
"""


def test_an_import_killed_half_way_has_changed_nothing(session, settings):
    take(session, *a_whole_file())
    before = everything(session)
    many = written(*(whole("guardian", id=f"G{n}") for n in range(2, 12_000)))
    environment = {"CONSENT_INSTANCE": str(settings.instance), "CONSENT_DATABASE_URL": settings.database_url}

    killed = subprocess.run(
        [sys.executable, "-c", KILLED], input=many, env=environment, capture_output=True, check=False
    )
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, b"half way"), killed.stderr
    assert everything(session) == before
    assert take(session, whole("guardian", id="G2")) == (1, 0, 0)


def test_only_a_signing_matched_to_a_patron_is_exported_and_its_latest_match_counts(session):
    take(session, *a_whole_file(), whole("patron", id="P2"))
    kept = session.scalars(select(Consent)).one()
    other = session.scalars(select(Patron).where(Patron.external_id == "P2")).one()
    begin_writing(session)
    session.add(PatronMatch(consent_id=kept.id, patron_id=other.id, guardian_id=None, matched_at=NOW))
    unmatched = {column.key: getattr(kept, column.key) for column in Consent.__table__.columns}
    session.add(Consent(**unmatched | {"id": None, "external_id": "C2", "event_position": kept.event_position - 1}))
    session.commit()

    consents = [line for line in exported(session) if line["type"] == "consent"]
    assert consents == [whole("consent", patron="P2", signer="self")]
    assert refusal(session, whole("consent", id="C2")) == [(1, "id")]


def test_what_is_added_after_an_import_gets_keys_of_its_own(session):
    take(session, *a_whole_file())
    begin_writing(session)
    session.add(Patron(external_id="P2", first_name="Bea", last_name="Ba", adult=False, added_at=NOW))
    session.commit()
    assert [line["id"] for line in exported(session) if line["type"] == "patron"] == ["P1", "P2"]


def test_an_export_is_one_picture_whatever_happens_meanwhile(session, app):
    take(session, *a_whole_file())
    lines = export_lines(session)
    first = next(lines)
    with app.app_context():
        take(db.session(), whole("patron", id="P2"), whole("hold", id="H2", patron="P2"))
        db.session.remove()
    assert [json.loads(line) for line in (first, *lines)] == a_whole_file()


def test_the_commands_read_and_write_files_and_streams(app, tmp_path):
    file, copy = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    file.write_bytes(b"\xef\xbb\xbf\r\n" + written(*a_whole_file()).replace(b"\n", b"\r\n\n") + b"  ")
    consent = app.test_cli_runner().invoke

    rehearsed = consent(main, ["import", str(file), "--dry-run"])
    assert (rehearsed.exit_code, rehearsed.stdout) == (
        0, "10 new, 0 updated, 0 unchanged (rehearsed only: nothing was changed)\n",
    )  # fmt: skip
    assert consent(main, ["import", str(file)]).stdout == "10 new, 0 updated, 0 unchanged\n"
    assert consent(main, ["import", "-"], input=file.read_bytes()).stdout == "0 new, 0 updated, 10 unchanged\n"
    assert consent(main, ["export", str(copy)]).exit_code == 0
    assert [json.loads(line) for line in copy.read_bytes().splitlines()] == a_whole_file()
    assert consent(main, ["export"]).stdout_bytes == copy.read_bytes()
    assert consent(main, ["verify", "--checkpoint", f"{copy}.checkpoint"]).exit_code == 0
    assert list(tmp_path.glob("*.unfinished")) == []


def test_a_refused_file_ends_with_one_and_says_where(app, tmp_path):
    file = tmp_path / "bent.ndjson"
    file.write_bytes(written(*a_whole_file(consent=whole("consent", version=True))) + b"not json\n")
    refused = app.test_cli_runner().invoke(main, ["import", str(file)])

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "line 8: version: expected an integer" in refused.stderr
    assert "line 11: expected one JSON object" in refused.stderr
    assert "Nothing was imported: 2 lines are wrong." in refused.stderr


@pytest.mark.parametrize(
    "typed", [["import"], ["import", "/no/such/file"], ["import", "/"], ["export", "/no/such/file"]]
)
def test_a_file_that_cannot_be_opened_is_wrong_usage(app, typed):
    assert app.test_cli_runner().invoke(main, typed).exit_code == 2


def test_progress_is_told_as_lines_are_read_and_written(session):
    told = []
    lines = (whole("guardian", id=f"G{n}") for n in range(10_001))
    import_file(
        session,
        io.BytesIO(written(*lines)),
        zone=ZONE,
        now=NOW,
        progress=lambda doing, lines: told.append((doing, lines)),
    )
    assert told == [("read", 10_000), ("written", 10_000)]


def test_a_line_longer_than_any_fact_is_refused_without_being_held(session):
    long = b'{"type": "' + b"x" * (11 * 1024 * 1024) + b'"}\n'
    with pytest.raises(ImportRefused) as refused:
        import_file(session, io.BytesIO(long + written(whole("hold")) + long), zone=ZONE, now=NOW)
    assert [problem.line for problem in refused.value.problems] == [1, 2, 3]
