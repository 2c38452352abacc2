"""What can this member of staff do here? The doors of the registry, each shown to those whom it opens for."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Flask, g, render_template, request
from flask_babel import lazy_gettext as _
from flask_security import current_user
from sqlalchemy.exc import SQLAlchemyError

from consent.domain.permissions import Permission
from consent.services import authorizations, erasures, reports, takedowns, voidings
from consent.services.department import UNNAMED
from consent.services.witness_queue import how_many_wait
from consent.storage import registry
from consent.storage.database import db
from consent.web import asking
from consent.web.access import signed_in
from consent.web.first_steps import steps_on_first_page
from consent.web.looking import names_nobody
from consent.web.policy import has_to_sign, how_much_waits

bp = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class Door:
    """A place to go: its name in the menu, what one does there, who may, and how much waits there."""

    path: str
    name: object
    task: object
    told: object
    icon: str
    permission: Permission
    count: Callable[[], int] | None = None

    @property
    def waiting(self) -> int:
        """Asked once for each page, which may show a door twice."""
        known: dict[str, int] = g.setdefault("waiting_behind_doors", {})
        if self.path not in known:
            known[self.path] = self._how_much_waits()
        return known[self.path]

    def _how_much_waits(self) -> int:
        """Where the database does not answer, the page says so itself."""
        try:
            return self.count() if self.count else 0
        except SQLAlchemyError:
            db.session.rollback()
            return 0

    @property
    def here(self) -> bool:
        return request.path == self.path or request.path.startswith(f"{self.path}/")


LOOK_UP = Door(
    "/look-up",
    _("Look up"),
    _("Look up a person"),
    _("May we show, tag or message this person, now?"),
    "search",
    Permission.LOOK_UP,
)
GROUP_CHECK = Door(
    "/group-check",
    _("Group check"),
    _("Check a group picture"),
    _("Scan everybody in it, and see whether it may go out and who must leave it."),
    "photo_camera",
    Permission.LOOK_UP,
)
POSTS = Door(
    "/clearances",
    _("Posts"),
    _("Clear and log posts"),
    _("Ask whether something may be posted with everybody in it, and say where it stands."),
    "campaign",
    Permission.READ_CLEARANCES,
)
PROGRAMS = Door(
    "/programs",
    _("Programs"),
    _("Programs and rosters"),
    _("See a program's people, and print the sheet that says who may be photographed."),
    "groups",
    Permission.PRINT_ROSTERS,
)
DASHBOARD = Door(
    "/dashboard",
    _("Dashboard"),
    _("See where to act today"),
    _("Who may be shown in each program, whose permission ends soon, and what is out of date."),
    "assessment",
    Permission.SEE_DASHBOARD,
)
CARDS = Door(
    "/cards",
    _("Cards"),
    _("Print cards"),
    _("Print consent cards for a program or for the people you choose."),
    "credit_card",
    Permission.PRINT_CARDS,
)
SIGNINGS = Door(
    "/desk/signings",
    _("Signings"),
    _("Confirm signings"),
    _("See who signed at a kiosk, check who they are, and let their answers count."),
    "verified_user",
    Permission.WITNESS,
    count=lambda: how_many_wait(db.session()),
)
PAPER = Door(
    "/desk/paper",
    _("Paper"),
    _("Paper forms"),
    _("Print blank forms, enter those that were signed, and compare with its scan what a colleague entered."),
    "print",
    Permission.WITNESS,
    count=lambda: how_many_wait(db.session(), paper=True),
)
TAKEDOWNS = Door(
    "/takedowns",
    _("Takedowns"),
    _("Take posts down"),
    _("See what must come down because a permission has ended, and say what became of it."),
    "delete",
    Permission.READ_CLEARANCES,
    count=lambda: takedowns.how_many_open(db.session()),
)
REPORTS = Door(
    "/reports",
    _("Reported"),
    _("Report and correct posts"),
    _("Report a post or a comment that should not stand, and see what became of it."),
    "flag",
    Permission.REPORT_POSTS,
    count=lambda: reports.how_many_open(db.session()) if current_user.may(Permission.CORRECT_POSTS) else 0,
)
VOIDINGS = Door(
    "/voidings",
    _("Voidings"),
    _("Decide on voidings"),
    _("Read the records that somebody wants voided, and agree or refuse."),
    "remove_circle",
    Permission.VOID_RECORDS,
    count=lambda: voidings.how_many_wait(db.session()),
)
ERASURES = Door(
    "/erasures",
    _("Erasures"),
    _("Decide on erasures"),
    _("Read whose personal data somebody wants erased, and approve or refuse."),
    "delete",
    Permission.APPROVE_ERASURES,
    count=lambda: erasures.how_many_wait(db.session()),
)
KIOSKS = Door(
    "/kiosks",
    _("Kiosks"),
    _("Kiosks"),
    _("Add a kiosk, see when each was last seen, and put one out of order."),
    "settings",
    Permission.MANAGE_KIOSKS,
)
PLATFORMS = Door(
    "/platforms",
    _("Platforms"),
    _("Platforms"),
    _("See on which platforms the department may post, approve another, and close one."),
    "public",
    Permission.MANAGE_PLATFORMS,
)
FIRST_STEPS = Door(
    "/first-steps",
    _("Setup"),
    _("Set the registry up"),
    _("Names, time zone, first form and whatever else a registry needs before its first family."),
    "build",
    Permission.SET_UP,
)
STAFF = Door(
    "/staff",
    _("Staff"),
    _("Staff and roles"),
    _("Invite colleagues, say what each may do and until when, and let somebody go at once."),
    "people",
    Permission.MANAGE_STAFF,
)
AUTHORIZATIONS = Door(
    "/authorizations",
    _("Authorizations"),
    _("Decide who may post"),
    _("Approve or refuse who may post from the department's accounts, and revoke what you approved."),
    "verified",
    Permission.APPROVE_POSTING,
    count=lambda: authorizations.how_many_wait(db.session()),
)
POLICY = Door(
    "/policy",
    _("Policy"),
    _("Policy and registers"),
    _("Read and acknowledge the policy, and see accounts, rules, training, recordings and notes."),
    "account_balance",
    Permission.READ_REGISTERS,
    count=how_much_waits,
)
HEALTH = Door(
    "/health",
    _("Health"),
    _("Health of the registry"),
    _("See whether records are safe: disk, database, clock, backups, and what to do."),
    "construction",
    Permission.SEE_HEALTH,
)
LOOKS = Door(
    "/looks",
    _("Record of looking"),
    _("Read the record of looking"),
    _("See who looked at, checked, printed or changed what, and when."),
    "visibility",
    Permission.READ_LOOKS,
)
LEDGER = Door(
    "/ledger",
    _("Ledger"),
    _("Verify the records"),
    _("See whether every record is still what was signed and sealed."),
    "verified_user",
    Permission.VERIFY_RECORDS,
)
DOORS = (
    LOOK_UP,
    POSTS,
    GROUP_CHECK,
    SIGNINGS,
    PAPER,
    PROGRAMS,
    DASHBOARD,
    CARDS,
    TAKEDOWNS,
    REPORTS,
    VOIDINGS,
    ERASURES,
    LOOKS,
    LEDGER,
    KIOSKS,
    PLATFORMS,
    STAFF,
    AUTHORIZATIONS,
    POLICY,
    FIRST_STEPS,
    HEALTH,
)


AT_HAND = 6
"""So many doors stand in the menu of a page, in one row; the others are a press away."""


@dataclass(frozen=True, slots=True)
class Menu:
    at_hand: list[Door]
    more: list[Door]

    @property
    def waiting(self) -> int:
        """Behind the doors that are not seen at first."""
        return sum(door.waiting for door in self.more)


def init_home(app: Flask) -> None:
    app.register_blueprint(bp)
    app.add_template_global(menu)
    app.add_template_global(is_demo)
    app.add_template_global(department)


@bp.get("/")
@signed_in
@names_nobody
def home() -> str:
    others = [door for door in doors() if door is not LOOK_UP]
    return render_template(
        "home/home.html", has_to_sign=has_to_sign(), look_up=LOOK_UP, others=others, steps=steps_on_first_page()
    )


def doors() -> list[Door]:
    """Those that open for whoever is signed in."""
    return [door for door in DOORS if current_user.is_authenticated and current_user.may(door.permission)]


def menu() -> Menu:
    """The doors in the order in which they are used; the one of the page that is open is always among the first."""
    opened = doors()
    if len(opened) <= AT_HAND + 1:
        return Menu(opened, [])
    at_hand, more = opened[:AT_HAND], opened[AT_HAND:]
    here = [door for door in more if door.here]
    return Menu(at_hand + here, [door for door in more if door not in here])


def is_demo() -> bool:
    """Whether this registry is a demo. Where the database does not answer, the page says so itself."""
    try:
        return registry.is_demo(db.session())
    except SQLAlchemyError:
        db.session.rollback()
        return False


def department() -> str:
    """As it is named on every page, even on the one that says that the database does not answer."""
    try:
        return asking.department()
    except SQLAlchemyError:
        db.session.rollback()
        return asking.settings().department or UNNAMED
