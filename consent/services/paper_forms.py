"""Which form versions can be had on paper, and what does the blank form of one say?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import partial

from sqlalchemy.orm import Session

from consent.domain.form_sheets import ITEM, Section, paragraphs
from consent.domain.paper_forms import BlankForm, FormCode, FormState
from consent.domain.refusals import ConsentError
from consent.domain.vocabulary import Language
from consent.services.form_sheets import (
    ASKED_BY,
    COPY,
    KNOW,
    NO_COST,
    ON_PAPER,
    PAPER,
    PAPER_COPY,
    PAPER_INTENT,
    POLICY,
    PUBLIC,
    RECALL,
    RIGHT,
    SIGNATURE,
    TERMS,
    THE_FORM,
    UNTIL_18,
    VERSION,
    WITHDRAW,
)
from consent.services.signing_review import form_uses
from consent.storage import paper_forms, signings
from consent.storage.models import FormVersion
from consent.storage.registry import is_demo
from consent.wording import _, say

AUTHORITY = _(
    "By signing you say that you are 18 or older, that you are the person named above or have the authority that you "
    "ticked to sign for each of them, and that no court order says otherwise."
)
TWELVE_MONTHS = _("A yes counts for 12 months at most, from the day on which you sign.")


class UnknownForm(ConsentError):
    """No form version has this name and number."""


@dataclass(frozen=True, slots=True)
class FormOnPaper:
    """One version in the list of those that can be printed."""

    form: str
    version: int
    title: str
    published_on: date
    state: FormState
    ended_on: date | None


def forms_on_paper(session: Session, *, language: str, zone: tzinfo, now: datetime) -> tuple[FormOnPaper, ...]:
    """Every version that was ever published, the one in use first, then the latest first."""
    in_use = signings.form_in_use(session, now)
    found = [
        FormOnPaper(
            row.form,
            row.version,
            row.title_es if language == Language.SPANISH else row.title_en,
            row.published_at.astimezone(zone).date(),
            *_state(row, in_use, withdrawn_at, zone=zone),
        )
        for row, withdrawn_at in paper_forms.versions(session, now)
    ]
    return tuple(sorted(found, key=lambda one: one.state is not FormState.IN_USE))


def find_version(session: Session, code: FormCode, now: datetime) -> FormVersion:
    """Raises UnknownForm; a version that is not published yet is none."""
    found = paper_forms.version_named(session, code.form, code.version, now)
    if found is None:
        raise UnknownForm("The registry has no form of this name and version.")
    return found


def blank_form(session: Session, code: FormCode, *, department: str, zone: tzinfo, now: datetime) -> BlankForm:
    """Raises UnknownForm."""
    version = find_version(session, code, now)
    withdrawn_at = paper_forms.withdrawn_at(session, version.id, now)
    state, ended_on = _state(version, signings.form_in_use(session, now), withdrawn_at, zone=zone)
    spanish = code.language is Language.SPANISH
    title = version.title_es if spanish else version.title_en
    written = partial(say, language=code.language)
    about = [written(ASKED_BY, department=department, policy=POLICY)]
    about.append(written(VERSION, title=title, version=version.version))
    return BlankForm(
        code=code,
        state=state,
        ended_on=ended_on,
        department=department,
        title=title,
        uses=form_uses(version),
        platforms={platform.external_id: platform.name for platform in signings.platforms_approved(session, now)},
        this_form=Section(written(THE_FORM), tuple(about)),
        terms=tuple(_terms(version.body_es if spanish else version.body_en, code.language, department)),
        demo=is_demo(session),
    )


def _state(
    version: FormVersion, in_use: FormVersion | None, withdrawn_at: datetime | None, *, zone: tzinfo
) -> tuple[FormState, date | None]:
    """And the day on which it was withdrawn or another one took its place."""
    if withdrawn_at is not None:
        return FormState.WITHDRAWN, withdrawn_at.astimezone(zone).date()
    if in_use is None or in_use.id == version.id:
        return FormState.IN_USE, None
    return FormState.RETIRED, in_use.published_at.astimezone(zone).date()


def _terms(body: str, language: Language, department: str) -> Iterator[Section]:
    """What nobody fills in, in the order of the screen."""
    written = partial(say, language=language)
    yield Section(written(TERMS), (*paragraphs(body), written(TWELVE_MONTHS), written(UNTIL_18)))
    known = (written(RECALL), written(NO_COST), written(WITHDRAW, department=department), written(PUBLIC))
    yield Section(written(KNOW), known)
    yield Section(written(RIGHT), (written(AUTHORITY),))
    yield Section(written(PAPER), tuple(ITEM + written(line) for line in ON_PAPER))
    yield Section(written(COPY), (written(PAPER_COPY, department=department),))
    yield Section(written(SIGNATURE), (written(PAPER_INTENT),))
