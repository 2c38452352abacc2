"""What can a family choose from at a kiosk today? Which uses, platforms and programs; and is there a form at all?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.vocabulary import Use
from consent.services.signing import NoForm, current_form, form_uses
from consent.storage.models import Program
from consent.storage.registry import esign_policy
from consent.storage.signings import platforms_approved


@dataclass(frozen=True, slots=True)
class Choices:
    """The uses that the form asks about; platforms and programs by their id."""

    uses: tuple[Use, ...]
    platforms: Mapping[str, str]
    programs: Mapping[str, str]


def choices(session: Session, *, now: datetime, zone: tzinfo) -> Choices:
    """Programs that are over cannot be chosen any more. Raises NoForm."""
    today = now.astimezone(zone).date()
    open_programs = session.scalars(select(Program).where(Program.ends >= today).order_by(Program.name, Program.id))
    return Choices(
        form_uses(current_form(session, now)),
        {platform.external_id: platform.name for platform in platforms_approved(session, now)},
        {program.external_id: program.name for program in open_programs},
    )


def can_sign(session: Session, *, now: datetime) -> bool:
    """It takes a form, and the city's decision to take signatures on a screen."""
    try:
        current_form(session, now)
    except NoForm:
        return False
    return esign_policy(session) is not None
