"""Who asks on this request, in whose name is paper printed, and what time is it?"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app
from flask_security import current_user

from consent.domain.cards import Letterhead
from consent.services.acting import Acting
from consent.services.checks import Asker, Door
from consent.services.department import department_name
from consent.settings import Settings
from consent.storage.database import db
from consent.storage.registry import is_demo


def clock() -> datetime:
    """The one place of the web where the time is read."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is for the registry."""
    return clock().astimezone(zone()).date()


def zone() -> ZoneInfo:
    return settings().zone


def settings() -> Settings:
    found: Settings = current_app.config["CONSENT"]
    return found


def department() -> str:
    """What it is called on pages, papers and in what families sign."""
    return department_name(db.session(), settings().department)


def asker(door: Door) -> Asker:
    """The member of staff signed in, with what they may see."""
    return Asker(door, current_user.permissions, staff_id=current_user.id)


def acting() -> Acting:
    """The member of staff signed in, who changes something about a colleague now."""
    now = clock()
    return Acting(current_user.id, now, now.astimezone(zone()).date())


def letterhead() -> Letterhead:
    return Letterhead(department(), settings().base_url, demo=is_demo(db.session()))
