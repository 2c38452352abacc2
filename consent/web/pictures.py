"""How does a cleared picture get its stamp? It is sent and comes back as a file to save; the registry keeps neither."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from consent.documents.pictures import stamp_picture
from consent.domain.looks import LookKind
from consent.domain.permissions import Permission
from consent.domain.pictures import (
    MOST_BYTES,
    PictureIsHeic,
    PictureMissing,
    PictureMoves,
    PictureOfOtherType,
    PictureRefused,
    PictureTooLarge,
    PictureUnreadable,
)
from consent.services.clearances import open_clearance
from consent.services.pictures import keep_stamped, stamp_of
from consent.storage.database import db
from consent.web.access import current_actor, staff_may
from consent.web.asking import clock, settings, zone
from consent.web.clearances_page import asking, page_of
from consent.web.looking import looked_at, saw
from consent.web.requests import MEBIBYTE, takes_files_of
from forms.pictures import PictureForm

REFUSALS: dict[type[PictureRefused], object] = {
    PictureMissing: _("Choose the picture that was cleared"),
    PictureIsHeic: _(
        "This is a HEIC picture. Save or send it as a JPEG on the phone or computer it is on, then choose that"
    ),
    PictureOfOtherType: _("Choose a JPEG, a PNG or a WebP. This file is none of them, whatever its name says"),
    PictureMoves: _("Choose a picture that stands still. This file has more than one in it"),
    PictureTooLarge: _("Choose a smaller picture: 20 MB and 26 megapixels at most"),
    PictureUnreadable: _("This file is broken or cut short. Take it from the camera or the phone once more"),
}

bp = Blueprint("pictures", __name__)


@bp.post("/clearances/<number>/picture")
@staff_may(Permission.CLEAR_POSTS)
@looked_at(LookKind.CLEARANCE)
@takes_files_of(MOST_BYTES + MEBIBYTE)
def stamp(number: str) -> ResponseReturnValue:
    session, form = db.session(), PictureForm()
    kept = open_clearance(session, number, asker=asking(), zone=zone(), now=clock())
    allowed = stamp_of(kept, base_url=settings().base_url)
    sent = form.picture.data.read() if form.picture.data else b""
    try:
        picture = stamp_picture(sent, allowed)
    except PictureRefused as refusal:
        form.picture.errors = [REFUSALS[type(refusal)]]
        return page_of(number, stamping=form)
    session.rollback()  # drawing took its time: what changed meanwhile is read anew
    keep_stamped(session, number, picture, asker=asking(), by=current_actor(), zone=zone(), now=clock())
    saw((person.external_id for person in kept.people), about=kept.number)
    name = f'attachment; filename="clearance-{number}.{picture.kind}"'
    return Response(picture.content, mimetype=picture.mimetype, headers={"Content-Disposition": name})
