"""What does the page of one paper offer, and beside which field does a refusal stand?"""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from flask_security import current_user
from wtforms import Field

from consent.documents.scans import read_scan
from consent.domain.paper_forms import MOST_ON_PAPER, FormCode, NoFormCode
from consent.domain.refusals import ConsentError, InTheFuture
from consent.domain.scans import (
    MOST_PAGES,
    Scan,
    ScanLocked,
    ScanMissing,
    ScanOfOtherType,
    ScanRefused,
    ScanTooLarge,
    ScanTooSmall,
    ScanUnreadable,
)
from consent.domain.signing import (
    BirthDateImpossible,
    LimitWrong,
    MinorSignsAlone,
    NameWrong,
    PatronOfAge,
    SameChildTwice,
    SelfIsOnePerson,
    SigningRefused,
)
from consent.domain.vocabulary import Language
from consent.services.checks import Door
from consent.services.paper_entries import (
    EnteredBefore,
    LastEntered,
    PaperSubmission,
    SignedTooEarly,
    enter_paper,
    last_entered,
)
from consent.services.paper_forms import UnknownForm, find_version
from consent.services.programs import list_programs
from consent.services.signing import KeyReused
from consent.services.signing_review import NoForm, current_form, form_uses
from consent.storage import signings
from consent.storage.database import db
from consent.storage.models import FormVersion
from consent.web.access import current_actor
from consent.web.asking import asker, clock, department, zone
from consent.web.language import chosen_language, local_day
from forms.paper_entries import Asked, PaperEntryForm, paper_entry_form

OF_A_PERSON: dict[type[SigningRefused], tuple[str, object]] = {
    NameWrong: ("first", _("Enter the name in letters, on one line")),
    BirthDateImpossible: ("born", _("Check the date of birth")),
    PatronOfAge: ("born", _("Somebody of 18 or older signs for themself. Check the date, or ask them to sign")),
    MinorSignsAlone: ("born", _("Somebody under 18 cannot sign alone. Check the date, or ask a parent to sign")),
    SameChildTwice: ("first", _("This name and date of birth were entered already")),
    LimitWrong: ("first", _("Check the account names of this person")),
}
SCANS: dict[type[ScanRefused], object] = {
    ScanMissing: _("Choose the scan or the photo of this form"),
    ScanOfOtherType: _("Choose a PDF, a JPEG or a PNG. This file is none of them, whatever its name says"),
    ScanTooLarge: _("Choose a smaller scan: 10 MB, %(pages)s pages or an ordinary photo at most", pages=MOST_PAGES),
    ScanTooSmall: _("Choose a larger picture. Nobody could read what is ticked on this one"),
    ScanLocked: _("This PDF is locked with a password. Save it without one, or scan the paper again"),
    ScanUnreadable: _("This file is broken or cut short. Scan the paper again"),
}
NO_SUCH_CODE = _("No form has this code. Scan the QR code on the paper again")
CHOOSE_AGAIN = _("Choose the scan again: a browser forgets a file when a form comes back")


@dataclass(frozen=True, slots=True)
class ForPaper:
    """The page of one paper: which form version it is of, and the fields for it."""

    code: FormCode
    title: str
    form: PaperEntryForm


def form_for(typed: str | None) -> ForPaper | None:
    """Of the code that was scanned, or else of the last form entered, or else of the one in use; None without any."""
    last = last_entered(db.session(), staff_id=current_user.id, zone=zone())
    code, version, wrong = _version(typed, last)
    if code is None or version is None:
        return None
    asked = Asked(code.language, form_uses(version), _platforms(), _programs())
    form = paper_entry_form(asked, data=_taken_over(code, last))
    if wrong:
        form.code.errors = [NO_SUCH_CODE]
    spanish = code.language is Language.SPANISH
    return ForPaper(code, version.title_es if spanish else version.title_en, form)


def save(paper: ForPaper) -> str | None:
    """The reference of the signing; None where something was refused, which then stands beside its field."""
    form = paper.form
    try:
        submission = PaperSubmission(
            form.key.data or "",
            FormCode.read(form.code.data),
            form.sitting,
            form.day,
            form.order_seen.data,
            _scan(form),
        )
        return enter_paper(
            db.session(),
            submission,
            staff_id=current_user.id,
            by=current_actor(),
            department=department(),
            zone=zone(),
            now=clock(),
        )
    except ConsentError as refusal:
        db.session.rollback()
        field, told = _place(form, refusal)
        field.errors = [*field.errors, told]
        if field is not form.scan:
            form.scan.errors = [CHOOSE_AGAIN]
        return None


def _version(typed: str | None, last: LastEntered | None) -> tuple[FormCode | None, FormVersion | None, bool]:
    """And whether what was typed is no code of a form."""
    wrong = False
    if typed:
        try:
            code = FormCode.read(typed)
            return code, find_version(db.session(), code, clock()), False
        except (NoFormCode, UnknownForm):
            wrong = True
    if last:
        return last.code, find_version(db.session(), last.code, clock()), wrong
    try:
        form = current_form(db.session(), clock())
    except NoForm:
        return None, None, wrong
    return FormCode(form.form, form.version, Language(chosen_language())), form, wrong


def _taken_over(code: FormCode, last: LastEntered | None) -> dict[str, Any]:
    taken: dict[str, Any] = {"code": code.text}
    if last:
        taken |= {"signed_on": last.signed_on, "program": last.program or ""}
    return taken


def _platforms() -> dict[str, str]:
    return {platform.external_id: platform.name for platform in signings.platforms_approved(db.session(), clock())}


def _programs() -> dict[str, str]:
    return {program.external_id: program.name for program in list_programs(db.session(), asker=asker(Door.LOOK_UP))}


def _scan(form: PaperEntryForm) -> Scan:
    sent = form.scan.data
    if not sent:
        raise ScanMissing("No file was chosen.")
    return read_scan(sent.read())


def _place(form: PaperEntryForm, refusal: ConsentError) -> tuple[Field, object]:
    """Beside which field it stands, and what to do about it; anything else is for a page of its own."""
    match refusal:
        case ScanRefused():
            place: tuple[Field, object] = form.scan, SCANS[type(refusal)]
        case EnteredBefore():
            told = _(
                "This scan was entered before, as %(reference)s. Choose the one of this form",
                reference=refusal.reference,
            )
            place = form.scan, told
        case NoFormCode() | UnknownForm():
            place = form.code, NO_SUCH_CODE
        case InTheFuture():
            place = form.signed_on, _("Enter a date that is not in the future")
        case SignedTooEarly():
            day = local_day(refusal.published_on)
            place = form.signed_on, _("This version of the form was published on %(day)s. Check the date", day=day)
        case SelfIsOnePerson():
            place = form.relationship, _("Who signs for themself is person 1, by the same name, and nobody else")
        case KeyReused():
            form.key.renew()
            place = form.code, _("This page was saved before, with other answers. Send it again to save this form too")
        case SigningRefused() if type(refusal) in OF_A_PERSON:
            what, sentence = OF_A_PERSON[type(refusal)]
            field = form.first_name if refusal.patron is None else _field_of(form, what, refusal.patron)
            place = field, sentence
        case _:
            raise refusal
    return place


def _field_of(form: PaperEntryForm, what: str, place: int) -> Field:
    """The people of a sitting are those named, in order; the form may have left one empty between."""
    named = [number for number in range(1, MOST_ON_PAPER + 1) if form.is_named(number)]
    return form.of(what, named[place])
