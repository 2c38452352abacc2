"""Is the demo department made up, fresh on any day, and is its form what a form must be?"""

import unicodedata
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from consent.domain.permissions import Role
from consent.domain.vocabulary import Use
from consent.services.demo import sign_ins
from consent.services.demo.lines import demo_lines
from consent.services.demo.starter_form import CURRENT, FAULTY, FIRST, TITLE, body

PHOENIX = ZoneInfo("America/Phoenix")
MOMENTS = [
    datetime(2026, 7, 1, 15, 0, tzinfo=UTC),
    datetime(2028, 2, 29, 23, 30, tzinfo=UTC),
    datetime(2027, 3, 1, 6, 59, 59, 999_999, tzinfo=UTC),
    datetime(2031, 12, 31, 7, 0, tzinfo=UTC),
]
WHAT_HAPPENED = ("signed_at", "witnessed_at", "voided_at", "at", "published_at", "withdrawn_at")
POINTS = {
    "en": (
        "City Recreation Department", "policy 6.5, section III.k", "version 3",
        "the person shown and of whoever signs, with how they are related",
        "the department's own accounts", "employee's own account, outside work time", "platforms you choose",
        "programs you choose", "12 months at the latest", "cannot be fully recalled", "A no costs nothing",
        "take a yes back at any time", "under state law", "blacked out as far as the law allows",
        "no court order says otherwise", "sign this one record electronically", "paper form instead",
        "is your signature, and you mean it as one", "take a copy home", "ends on the 18th birthday",
    ),
    "es": (
        "Departamento de Recreación de la Ciudad", "política 6.5, sección III.k", "versión 3",
        "la persona que se mostraría y el de quien firma, y su parentesco",
        "las cuentas del departamento", "cuenta propia de un empleado, fuera del horario de trabajo",
        "plataformas que elija", "programas que elija", "a más tardar a los 12 meses", "no se puede retirar del todo",
        "Un no no cuesta nada", "retirar un sí en cualquier momento", "según la ley estatal",
        "se tacha hasta donde la ley lo permite", "ninguna orden judicial dice lo contrario",
        "firmar electrónicamente este único registro", "formulario en papel", "es su firma, y esa es su intención",
        "Se lleva una copia", "el día en que cumple 18 años",
    ),
}  # fmt: skip


def lines(kind, now=MOMENTS[0]):
    return [line for line in demo_lines(now, PHOENIX) if line["type"] == kind]


def test_the_same_moment_gives_the_same_demo():
    assert list(demo_lines(MOMENTS[0], PHOENIX)) == list(demo_lines(MOMENTS[0], PHOENIX))


@pytest.mark.parametrize("now", MOMENTS)
def test_on_any_day_nothing_is_signed_in_the_future(now):
    happened = [
        datetime.fromisoformat(line[key]) for line in demo_lines(now, PHOENIX) for key in WHAT_HAPPENED & line.keys()
    ]
    assert max(happened) <= now
    assert now - max(happened) < timedelta(hours=1)


@pytest.mark.parametrize("now", MOMENTS)
def test_on_any_day_one_program_is_over_one_runs_and_one_is_next_season(now):
    today = now.astimezone(PHOENIX).date()
    days = [(date.fromisoformat(line["starts"]), date.fromisoformat(line["ends"])) for line in lines("program", now)]
    assert len(days) == 6
    assert any(ends < today for _, ends in days)
    assert any(starts <= today <= ends for starts, ends in days)
    assert any(starts > today for starts, _ in days)


@pytest.mark.parametrize("now", MOMENTS)
def test_there_are_240_patrons_and_most_of_them_are_minors(now):
    today = now.astimezone(PHOENIX).date()
    born = [date.fromisoformat(line["born"]) for line in lines("patron", now) if "born" in line]
    minors = [day for day in born if (today - day).days < 18 * 365]
    assert len(lines("patron", now)) == 240
    assert len(minors) > 180


def test_everything_is_marked_demo():
    for kind in ("patron", "guardian", "program", "consent", "withdrawal", "hold"):
        assert lines(kind)
        assert all(line["id"].startswith("DEMO-") for line in lines(kind))
    assert all(line["name"].startswith("DEMO ") for line in lines("program"))
    assert all("DEMO" in text for text in TITLE.values())
    assert all(line["reason"].startswith("DEMO: ") for line in lines("hold"))


def test_nobody_can_be_written_to_or_called():
    for guardian in lines("guardian"):
        assert guardian["email"].endswith("@demo.example")
        assert guardian["phone"].startswith("602-555-01")


def test_twins_share_a_birth_date_and_their_parent():
    twins = [patron for patron in lines("patron") if patron["last_name"] == "Palobrea"]
    assert len({patron["first_name"] for patron in twins}) == len(twins) == 2
    assert len({patron["born"] for patron in twins}) == 1
    ids = {patron["id"] for patron in twins}
    assert len({line["guardian"] for line in lines("guardianship") if line["patron"] in ids}) == 1


def test_namesakes_differ_in_age():
    emmas = [
        patron for patron in lines("patron") if (patron["first_name"], patron["last_name"]) == ("Emma", "Dunesong")
    ]
    assert len({patron["born"] for patron in emmas}) == len(emmas) == 2


def test_names_come_in_many_scripts_and_lengths():
    names = [patron["first_name"] + " " + patron["last_name"] for patron in lines("patron")]
    scripts = {unicodedata.name(letter).split()[0] for name in names for letter in name if letter.isalpha()}
    assert scripts >= {"LATIN", "ARABIC", "DEVANAGARI", "CJK", "THAI"}
    assert {len(patron["last_name"]) for patron in lines("patron")} & {1}
    assert max(len(patron["first_name"]) for patron in lines("patron")) in range(120, 129)


def test_some_signed_in_spanish_and_some_for_any_employees_own_account():
    assert {line["language"] for line in lines("consent")} == {"en", "es"}
    assert ["department", "personal"] in [line.get("channels") for line in lines("consent")]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_form_shows_every_point_that_a_form_must(language):
    text = body(CURRENT)[language]
    assert [point for point in POINTS[language] if point not in text] == []
    assert text.count("\n- ") == len(Use)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_withdrawn_version_left_out_how_to_change_ones_mind(language):
    assert POINTS[language][11] not in body(FAULTY)[language]
    assert body(FAULTY)[language] != body(FIRST)[language] != body(CURRENT)[language]


def test_each_role_has_one_sign_in_with_a_password_of_its_own():
    made = sign_ins.make_sign_ins()
    assert {sign_in.role for sign_in in made} == set(Role)
    assert len({sign_in.password for sign_in in [*made, *sign_ins.make_sign_ins()]}) == 12
    assert min(len(sign_in.password) for sign_in in made) == 19
