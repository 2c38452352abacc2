"""Does the whole form say everything that it must, to every family, in both languages?"""

from dataclasses import replace
from datetime import date

import pytest

from consent.domain.form_sheets import FormSheet, Section, paragraphs
from consent.domain.signing import Sitting
from consent.domain.vocabulary import Answer, Language, Use
from consent.services.form_sheets import FormShown, ProgramDays, compose_form
from tests.builders.sittings import CHILD, NO, TODAY, YES, a_child, a_sitting, by_oneself

SHOWN = FormShown(
    department="Parks & Recreation",
    title="May we show you?",
    version=7,
    body="You choose.",
    platforms={"facebook": "Facebook", "x": "X"},
    programs={"camp": ProgramDays("Summer Camp", date(2026, 6, 1), date(2026, 8, 1))},
    signed_on=TODAY,
)
MAX = a_child("Max", programs=("camp",), platforms=("facebook",), channels=("department", "personal"))
ON_EVERY_FORM = {
    Language.ENGLISH: {
        "1 city and department": "Parks & Recreation asks for this permission",
        "1 policy": "the city's policy 6.5, III.k",
        "1 form and version": "Form: May we show you?, version 7.",
        "2 who is shown": "Person shown or contacted: Max Ávila, born March 4, 2015",
        "2 who signs, with relationship": "Signed by: Mo Ávila. Relationship: Parent",
        "4 department's and employees' accounts": "On whose accounts: The department's own accounts; "
        "Any employee's own account, outside work time.",
        "4 platforms": "On which platforms: Facebook.",
        "5 program and its dates": "For which programs: Summer Camp (June 1, 2026 to August 1, 2026).",
        "5 end": "until and including June 30, 2027: 12 months at most",
        "6 the internet": "cannot be fully recalled",
        "7 a no": "A no costs nothing",
        "8 withdrawing": "take a yes back at any time",
        "8 by which code and where": "at any front desk of Parks & Recreation, or in writing to that address. "
        "Give the reference number",
        "9 public record": "asked for as a public record under state law",
        "9 minors": "Details of minors are blacked out as far as the law allows",
        "10 authority": "you have the authority (Parent) to sign",
        "10 no order": "no court order says otherwise",
        "11 scope of signing on a screen": "sign this one record electronically, and nothing else",
        "11 paper": "You may have a paper form instead",
        "11 taking that back": "you may change your mind about signing electronically",
        "11 how to reach us": "to tell us a new address",
        "11 paper copy": "A paper copy is free",
        "11 what one needs": "a phone or computer that opens PDF files",
        "12 intent": "Signing means that you intend it so",
        "12 name and date": "Name: Mo Ávila. Date: July 1, 2026.",
        "13 the copy": "You take a copy home on your own phone",
        "13 the original": "The original stays with Parks & Recreation",
        "14 minors": "it ends on the 18th birthday",
        "what the version says": "You choose.",
    },
    Language.SPANISH: {
        "1 city and department": "Parks & Recreation pide este permiso",
        "1 policy": "la política 6.5, III.k de la ciudad",
        "1 form and version": "Formulario: May we show you?, versión 7.",
        "2 who is shown": "Persona que se mostraría o contactaría: Max Ávila, fecha de nacimiento: 4 de marzo de 2015",
        "2 who signs, with relationship": "Firma: Mo Ávila. Parentesco o relación: Padre o madre",
        "4 department's and employees' accounts": "En qué cuentas: Las cuentas",
        "4 platforms": "En qué plataformas: Facebook.",
        "5 program and its dates": "Para qué programas: Summer Camp (del 1 de junio de 2026 al 1 de agosto de 2026).",
        "5 end": "hasta el 30 de junio de 2027 inclusive: como máximo 12 meses",
        "6 the internet": "no se puede retirar del todo",
        "7 a no": "Un no no cuesta nada",
        "8 withdrawing": "Puede retirar un sí en cualquier momento",
        "8 by which code and where": "en cualquier recepción de Parks & Recreation, o por escrito a esa dirección. "
        "Diga el número de referencia",
        "9 public record": "puede pedirse como registro público",
        "9 minors": "Los datos de menores se tachan hasta donde la ley lo permite",
        "10 authority": "tiene autoridad (Padre o madre) para firmar",
        "10 no order": "ninguna orden judicial dice lo contrario",
        "11 scope of signing on a screen": "firmar electrónicamente este único registro, y nada más",
        "11 paper": "puede usar un formulario en papel",
        "11 taking that back": "puede cambiar de opinión sobre firmar electrónicamente",
        "11 how to reach us": "darnos una dirección nueva",
        "11 paper copy": "La copia en papel es gratuita",
        "11 what one needs": "un teléfono o una computadora que abra archivos PDF",
        "12 intent": "Firmar significa que esa es su intención",
        "12 name and date": "Nombre: Mo Ávila. Fecha: 1 de julio de 2026.",
        "13 the copy": "Se lleva una copia en su propio teléfono",
        "13 the original": "El original queda en Parks & Recreation",
        "14 minors": "termina el día en que cumple 18 años",
        "what the version says": "You choose.",
    },
}
LINES = {
    Language.ENGLISH: {
        Use.RECORD: "- Be recorded: Staff may make a video or sound recording of this person. Answer: YES",
        Use.REPOST: "- Repost: Staff may repost what this person made. Answer: NO",
    },
    Language.SPANISH: {
        Use.RECORD: "Respuesta: SÍ",
        Use.REPOST: "Respuesta: NO",
    },
}


def said(sitting: Sitting) -> str:
    return compose_form(sitting, SHOWN).text


@pytest.mark.parametrize(
    ("language", "point"), [(language, point) for language, points in ON_EVERY_FORM.items() for point in points]
)
def test_the_form_shows_what_it_must(language, point):
    assert ON_EVERY_FORM[language][point] in said(a_sitting(MAX, language=language))


def test_both_languages_are_asked_for_the_same_fourteen_things():
    english, spanish = ON_EVERY_FORM.values()
    assert english.keys() == spanish.keys()
    # The third, each act as a line of its own, has its own test.
    assert {point.split()[0] for point in english if point[0].isdigit()} | {"3"} == set(map(str, range(1, 15)))


@pytest.mark.parametrize("language", Language)
def test_each_act_is_its_own_line_with_its_own_answer(language):
    sheet = compose_form(a_sitting(a_child("Max", answers=YES | {Use.REPOST: Answer.NO}), language=language), SHOWN)
    [answers] = [section for section in sheet.sections if "Max" in section.heading]
    lines = [line for line in answers.lines if line.startswith("- ")]
    assert len(lines) == len(set(lines)) == len(Use)
    assert LINES[language][Use.RECORD] in lines[0]
    assert LINES[language][Use.REPOST] in lines[-1]


def test_each_child_has_a_part_of_its_own():
    sheet = compose_form(a_sitting(CHILD, a_child("Max", answers=NO)), SHOWN)
    headings = [section.heading for section in sheet.sections if section.heading.startswith("Answers")]
    assert headings == ["Answers for Zoë Ávila", "Answers for Max Ávila"]


def test_a_no_to_everything_says_so_and_speaks_of_no_limits():
    text = said(a_sitting(a_child("Max", answers=NO)))
    assert "Every answer is no: nothing is permitted." in text
    assert "On which platforms" not in text


def test_all_platforms_means_those_of_today_and_names_them():
    assert "all that the department has approved today (Facebook, X)" in said(a_sitting())
    none = replace(SHOWN, platforms={})
    assert "approved today (–)" in compose_form(a_sitting(), none).text


def test_an_account_stands_with_its_platform():
    assert "Account on Facebook: @max" in said(a_sitting(a_child("Max", accounts={"facebook": "@max"})))


def test_a_minor_who_comes_of_age_sooner_is_told_the_day():
    assert "until and including December 31, 2026" in said(a_sitting(a_child("Max", born=date(2009, 1, 1))))


def test_who_signs_for_themself_is_asked_for_no_authority_over_anybody():
    text = said(by_oneself(born=None))
    assert "Relationship: signs for themself" in text
    assert "you are the person named above, and that you are 18 or older" in text
    assert "Person shown or contacted: Ada Okafor\n" in text
    assert "18th birthday" not in text


@pytest.mark.parametrize("language", Language)
def test_the_text_that_is_kept_lays_out_the_same_sheet_again(language):
    sheet = compose_form(a_sitting(CHILD, MAX, language=language), replace(SHOWN, body="One.\n\n- Two\n- Three"))
    assert FormSheet.from_text(sheet.text) == sheet


def test_a_form_version_cannot_make_headings_of_its_own_and_keeps_its_lists():
    body = "Please\nread.\n\n# Signed already\n- One,\n  and more\n-- Two\n\n\n##"
    assert paragraphs(body) == ("Please read.", "Signed already", "- One, and more -- Two")


def test_one_letter_makes_another_text():
    assert said(a_sitting()) != said(a_sitting(replace(CHILD, last_name="Avila")))


def test_a_sheet_without_sections_is_a_title():
    assert FormSheet.from_text(FormSheet("Title", ()).text) == FormSheet("Title", ())
    assert FormSheet.from_text("# A\nloose").sections == (Section("", ("loose",)),)
