"""What does the registry hold about this person? The whole record, for those whose work needs it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from consent import wording
from consent.domain.permissions import Permission
from consent.domain.shown import shown_alone
from consent.domain.vocabulary import Channel, Use
from consent.services.checks import Door
from consent.services.patrons import open_record
from consent.services.takedowns import tasks_about
from consent.storage.database import CHECKS, db
from consent.web.access import staff_may
from consent.web.asking import asker, clock, zone
from consent.web.looking import checked
from consent.web.lookup import age

bp = Blueprint("patrons", __name__)

KEEPING = (
    Permission.EDIT_GUARDIANSHIPS,
    Permission.EDIT_PATRONS,
    Permission.ENROLL,
    Permission.PLACE_HOLDS,
    Permission.RECORD_WITHDRAWALS,
    Permission.REQUEST_ERASURES,
    Permission.VOID_RECORDS,
)
"""What may be done from the page beside reading it."""


@bp.get("/patrons/<path:patron>")
@staff_may(Permission.SEE_PATRON_RECORD)
@checked
def patron(patron: str) -> ResponseReturnValue:
    channel = Channel.PERSONAL if request.args.get("channel") == Channel.PERSONAL else Channel.DEPARTMENT
    record = open_record(
        db.session(), db.engines[CHECKS], patron, channel, asker=asker(Door.PATRON_PAGE), zone=zone(), now=clock()
    )
    return render_template(
        "patrons/patron.html",
        age=age,
        channel=channel,
        channels=Channel,
        may={permission.value: current_user.may(permission) for permission in KEEPING},
        may_read_takedowns=current_user.may(Permission.READ_CLEARANCES),
        may_read_looks=current_user.may(Permission.READ_LOOKS),
        may_print=current_user.may(Permission.PRINT_CARDS),
        may_see_holds=current_user.may(Permission.SEE_HOLDS),
        permissions=current_user.permissions,
        platforms=record.platforms,
        reason_sentence=wording.reason_sentence,
        record=record,
        shown_alone=shown_alone,
        takedowns=tasks_about(
            db.session(), patron=patron, permissions=current_user.permissions, zone=zone(), now=clock()
        ),
        uses=Use,
    )
