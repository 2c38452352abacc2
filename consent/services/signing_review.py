"""What is this family about to sign? Their sitting as it counts, and the whole form that names it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from consent.domain.form_sheets import FormSheet
from consent.domain.refusals import ConsentError, UnknownPlatform, UnknownProgram
from consent.domain.signing import Sitting, TypedPatron, settle
from consent.domain.vocabulary import Language, Use
from consent.services.form_sheets import FormShown, ProgramDays, compose_form
from consent.services.form_texts import shown_sha256
from consent.storage import signings
from consent.storage.models import FormVersion, Platform, Program


class NoForm(ConsentError):
    """The department has published no form, or has withdrawn it."""


@dataclass(frozen=True, slots=True)
class Review:
    """What the family is about to sign: their sitting as it counts, and the whole form."""

    sitting: Sitting
    sheet: FormSheet
    form: str
    version: int

    @property
    def shown_sha256(self) -> str:
        return shown_sha256(self.sheet.text)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A review with the rows that it rests on."""

    review: Review
    form: FormVersion
    platforms: dict[str, Platform]
    programs: dict[str, Program]


def current_form(session: Session, now: datetime) -> FormVersion:
    """The form that is signed now: published last and not withdrawn. Raises NoForm."""
    form = signings.form_in_use(session, now)
    if form is None:
        raise NoForm("The department has no form to sign at this moment. Please go to the desk.")
    return form


def form_uses(form: FormVersion) -> tuple[Use, ...]:
    """The uses that the form asks about, in the order in which they are asked."""
    return tuple(use for use in Use if use in form.uses)


def review(session: Session, sitting: Sitting, *, department: str, zone: tzinfo, now: datetime) -> Review:
    """The whole form for this sitting. Raises SigningRefused, NoForm, UnknownPlatform or UnknownProgram."""
    return prepare(session, sitting, department=department, zone=zone, now=now).review


def prepare(session: Session, sitting: Sitting, *, department: str, zone: tzinfo, now: datetime) -> Prepared:
    return prepare_on(session, current_form(session, now), sitting, department=department, zone=zone, now=now)


def prepare_on(
    session: Session,
    form: FormVersion,
    sitting: Sitting,
    *,
    department: str,
    zone: tzinfo,
    now: datetime,
    on_paper: bool = False,
) -> Prepared:
    """As it is signed on this form version at this instant."""
    today = now.astimezone(zone).date()
    settled = settle(sitting, uses=form_uses(form), today=today)
    platforms = {platform.external_id: platform for platform in signings.platforms_approved(session, now)}
    wanted = {program for patron in settled.patrons for program in patron.programs or ()}
    programs = {program.external_id: program for program in signings.programs_named(session, wanted)}
    _check_limits(settled.patrons, platforms, programs)
    spanish = settled.language is Language.SPANISH
    shown = FormShown(
        department=department,
        title=form.title_es if spanish else form.title_en,
        version=form.version,
        body=form.body_es if spanish else form.body_en,
        platforms={key: platform.name for key, platform in platforms.items()},
        programs={key: ProgramDays(program.name, program.starts, program.ends) for key, program in programs.items()},
        signed_on=today,
        on_paper=on_paper,
    )
    made = Review(settled, compose_form(settled, shown), form.form, form.version)
    return Prepared(made, form, platforms, programs)


def _check_limits(patrons: Sequence[TypedPatron], platforms: dict[str, Platform], programs: dict[str, Program]) -> None:
    for patron in patrons:
        if {*(patron.platforms or ()), *patron.accounts} - platforms.keys():
            raise UnknownPlatform("One of the platforms is not approved any more. Choose again.")
        if unknown := set(patron.programs or ()) - programs.keys():
            raise UnknownProgram(f"No program has the id {min(unknown)}. Choose again.")
