"""From which accounts may somebody post? Administrators ask, directors decide, and everybody may look."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_security import current_user

from consent.domain.permissions import Permission
from consent.domain.registers import EntryState
from consent.services.accounts import (
    Account,
    WantedAccount,
    ask_for_account,
    close_account,
    decide_on_account,
    list_accounts,
)
from consent.services.registers import EntryWrong
from consent.storage.database import db
from consent.storage.signings import platforms_approved
from consent.storage.staff import colleagues
from consent.web.access import staff_may
from consent.web.asking import acting, clock, today
from consent.web.looking import changed, names_colleagues
from consent.web.registers import Line, Register, back, show, show_form, told_beside_its_field
from forms.accounts import AccountForm

REGISTER = Register(
    "accounts",
    _("Accounts"),
    _(
        "Only from these accounts may anything be posted. An administrator asks, and a director decides who neither "
        "asked nor owns the account. A closed account stays here, and is never opened again."
    ),
    (
        _("Account"),
        _("Whose"),
        _("For whom and what"),
        _("Kept for"),
        _("State"),
    ),
    _("No account is approved yet, so nothing may be posted anywhere."),
    _("Ask for an account"),
    _("Ask a director"),
    end=_("Close"),
    decided=True,
)

bp = Blueprint("accounts", __name__, url_prefix="/policy/accounts")


@bp.get("")
@staff_may(Permission.READ_REGISTERS)
@names_colleagues
def entries() -> ResponseReturnValue:
    lines = [_line(account) for account in list_accounts(db.session(), now=clock())]
    return show(REGISTER, lines, may_add=current_user.may(Permission.MANAGE_PLATFORMS))


@bp.route("/add", methods=["GET", "POST"])
@staff_may(Permission.MANAGE_PLATFORMS)
@names_colleagues
def add() -> ResponseReturnValue:
    form = _form()
    if form.validate_on_submit():
        wanted = WantedAccount(
            form.platform.data,
            form.owner_id,
            form.handle.data or "",
            form.url.data or "",
            form.audience.data or "",
            form.purposes.data or "",
            form.retention.data or "",
        )
        try:
            ask_for_account(db.session(), wanted, acting=acting())
            return back(bp, _("A director decides on it."))
        except EntryWrong as wrong:
            told_beside_its_field(form, wrong)
    return show_form(REGISTER, form)


@bp.post("/<int:key>/approve")
@staff_may(Permission.APPROVE_ACCOUNTS, fresh=True)
@changed
def approve(key: int) -> ResponseReturnValue:
    decide_on_account(db.session(), key, approved=True, acting=acting())
    return back(bp, _("It is approved."))


@bp.post("/<int:key>/refuse")
@staff_may(Permission.APPROVE_ACCOUNTS, fresh=True)
@changed
def refuse(key: int) -> ResponseReturnValue:
    decide_on_account(db.session(), key, approved=False, acting=acting())
    return back(bp, _("It is refused."))


@bp.post("/<int:key>/end")
@staff_may(Permission.MANAGE_PLATFORMS)
@changed
def end(key: int) -> ResponseReturnValue:
    close_account(db.session(), key, acting=acting())
    return back(bp, _("The account is closed."))


def _form() -> AccountForm:
    form = AccountForm()
    platforms = platforms_approved(db.session(), clock())
    form.offer([(one.external_id, one.name) for one in platforms], colleagues(db.session(), today()))
    return form


def _line(account: Account) -> Line:
    decides = current_user.may(Permission.APPROVE_ACCOUNTS)
    concerned = account.concerns(current_user.id)
    open_or_waiting = account.state in {EntryState.IN_FORCE, EntryState.WAITING}
    return Line(
        account.key,
        f"{account.platform}, {account.handle}",
        (
            (account.owner or _("The department's"),),
            (account.audience, account.purposes),
            (account.retention,),
        ),
        account.state,
        told=_("Another director decides: it is yours, or you asked for it.") if decides and concerned else "",
        decidable=decides and not concerned,
        endable=open_or_waiting and current_user.may(Permission.MANAGE_PLATFORMS),
        below=(account.url,),
    )
