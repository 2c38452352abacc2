"""What do the pages of all registers share? A list, a form to add, and an end; never a way to delete."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers.response import Response as Redirect

from consent import wording
from consent.domain.registers import EntryState
from consent.services.registers import EntryWrong, Fault
from consent.storage.database import db

FAULTS = {
    Fault.AHEAD: _("Enter a day that is not in the future"),
    Fault.ENDS_BEFORE_IT_STARTS: _("Enter a last day that is not before the first"),
    Fault.NOT_AFTER_THE_LAST: _("Enter a day after the first day of the version before"),
    Fault.NOT_ONE_AREA: _("Choose a platform or a program, or name a place: one of the three"),
    Fault.NOT_ON_ITS_PLATFORM: _("Enter an address that begins with https:// and leads to this platform"),
    Fault.NOT_TO_CHOOSE: _("Choose one that can be chosen now"),
    Fault.ONLY_TOLD: _("Tick nothing for a place: its rule is only shown"),
    Fault.OVER: _("Enter a day that is not over"),
    Fault.OWN: _("Choose somebody else: nobody gives themself anything"),
    Fault.THERE_ALREADY: _("This is in the register already"),
}


@dataclass(frozen=True, slots=True)
class Register:
    """What is the same each time that a register's page is shown."""

    blueprint: str
    title: object
    intro: object
    headings: tuple[object, ...]
    empty: object
    add: object
    button: object
    end: object = _("End it")
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the page shows it. Each cell holds things one below another."""

    key: int
    name: str
    cells: tuple[tuple[object, ...], ...]
    state: EntryState
    told: object = ""
    decidable: bool = False
    endable: bool = False
    below: tuple[object, ...] = ()


def show(
    register: Register, lines: Iterable[Line], *, may_add: bool, missing: Sequence[object] = ()
) -> ResponseReturnValue:
    """What waits, what is in force, and what is over."""
    listed = list(lines)
    return render_template(
        "registers/register.html",
        may_add=may_add,
        missing=missing,
        over=[line for line in listed if line.state in OVER],
        register=register,
        standing=[line for line in listed if line.state not in OVER and line.state is not EntryState.WAITING],
        waiting=[line for line in listed if line.state is EntryState.WAITING],
        words=wording,
    )


def show_form(register: Register, form: FlaskForm, *, touched: int = 0) -> ResponseReturnValue:
    """`touched` is how many signed records a new rule would leave without effect."""
    return render_template("registers/add.html", form=form, register=register, touched=touched)


OVER = frozenset({EntryState.ENDED, EntryState.LAPSED, EntryState.REFUSED})


def back(blueprint: Blueprint, done: object) -> Redirect:
    """To the register, which says what was done."""
    flash(str(done))
    return redirect(url_for(f"{blueprint.name}.entries"), 303)


def told_beside_its_field(form: FlaskForm, wrong: EntryWrong) -> None:
    db.session.rollback()
    form[wrong.field].errors = [FAULTS[wrong.fault]]
