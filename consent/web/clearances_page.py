"""What do the pages of a clearance show? Who is in it, what stands against it, who can mend that, and what is next."""

from dataclasses import dataclass, field

from flask import Response, make_response, render_template, request
from flask_security import current_user
from werkzeug.datastructures import MultiDict

from consent import wording_gate
from consent.domain.clearances import ClearanceState
from consent.domain.gate_codes import Failure, GateCode
from consent.domain.refusals import UnknownPatron
from consent.domain.vocabulary import Media, Shown, Use
from consent.services import lookup
from consent.services.checks import Asker, Door
from consent.services.clearances import open_clearance
from consent.services.clearances_kept import NewClearance, Recorded
from consent.services.lookup_people import Person, people_of
from consent.services.takedowns import tasks_about
from consent.storage import clearances as stored
from consent.storage.database import db
from consent.web.asking import asker, clock, today, zone
from consent.web.keeping import on_the_clock, sayings
from consent.web.language import chosen_language
from consent.web.looking import saw
from forms.clearances import ClearanceForm, DecisionForm, PostForm
from forms.pictures import PictureForm

PATRONS_AT_MOST = 20
FIRST_SHOWN_BY = {Media.STILL: Use.PHOTO, Media.MOVING: Use.VIDEO}
"""What somebody who asked about a photo or a video has most likely recorded."""


@dataclass(frozen=True, slots=True)
class Given:
    """Whom the form is about, from a group check or by their numbers."""

    people: tuple[Person, ...] = ()
    group: stored.GroupGiven | None = None

    @property
    def address(self) -> dict[str, object]:
        """What the form's own address says of it."""
        if self.group:
            return {"group": self.group.number}
        return {"patron": [person.external_id for person in self.people]}


@dataclass(slots=True)
class Against:
    """One kind of failure, and all that it is about."""

    code: GateCode
    remedy: wording_gate.Remedy
    failures: list[Failure] = field(default_factory=list)


def asking() -> Asker:
    return asker(Door.CLEARANCE)


def people_given(args: MultiDict[str, str]) -> Given:
    """Raises UnknownPatron."""
    session, group = db.session(), None
    if number := args.get("group", type=int):
        group = stored.group_given(session, number, staff_id=current_user.id)
    patrons = group.patrons if group else tuple(dict.fromkeys(args.getlist("patron")))[:PATRONS_AT_MOST]
    known = stored.patrons_by_number(session, patrons)
    if known.keys() != set(patrons):
        raise UnknownPatron("Somebody in it is not in the registry.")
    people = people_of(session.connection(), known.values(), today=today())
    return Given(tuple(sorted(people, key=lambda person: patrons.index(person.external_id))), group)


def new_form(given: Given) -> ClearanceForm:
    """Filled with what the group check says already."""
    group = given.group
    form = ClearanceForm(
        headcount=(group and group.headcount) or len(given.people) + (group.unidentified if group else 0),
        unidentified=group.unidentified if group else 0,
        uses=list(group.uses) if group else [],
        media=[media.value for media in FIRST_SHOWN_BY if group and FIRST_SHOWN_BY[media] in group.uses],
        program=(group and group.program) or "",
        planned_at=group.planned_at.astimezone(zone()).replace(tzinfo=None) if group and group.planned_at else None,
        captured_by=str(current_user.id),
    )
    session = db.session()
    named = {"program": form.program.data or ""}
    offered = lookup.offer(session.connection(), asker=asking(), asked=named, today=today(), now=clock())
    accounts = stored.accounts_open(session, now=clock(), staff_id=current_user.id)
    recorders = {current_user.id: current_user.name} | dict(stored.recorders(session))
    form.offer(
        accounts=[(str(key), f"{platform}: {handle}") for key, platform, handle in accounts],
        programs=offered.programs,
        recorders=[(str(key), name) for key, name in recorders.items()],
        devices=stored.devices(session),
        language=chosen_language(),
    )
    return form


def told_of(form: ClearanceForm, given: Given) -> NewClearance:
    captured_at = on_the_clock(form.captured_at.data)
    recorded = (
        Recorded(form.media_meant, captured_at, int(form.captured_by.data), form.device.data)
        if captured_at and form.media_meant
        else None
    )
    return NewClearance(
        number=form.reference.data or "",
        what=form.what.data or "",
        account_id=int(form.account.data),
        uses=form.uses_meant,
        people=tuple(person.external_id for person in given.people),
        headcount=form.headcount.data or 0,
        unidentified=form.unidentified.data or 0,
        program=form.program.data or None,
        planned_at=on_the_clock(form.planned_at.data),
        recorded=recorded,
        group_check_id=given.group.number if given.group else None,
    )


def page_of(
    number: str,
    *,
    posting: PostForm | None = None,
    deciding: DecisionForm | None = None,
    stamping: PictureForm | None = None,
) -> Response:
    """The whole page. A form for the post or a picture is one with errors; one for the decision keeps its ticks."""
    kept = open_clearance(db.session(), number, asker=asking(), zone=zone(), now=clock())
    saw((person.external_id for person in kept.people), about=kept.number)
    deciding = deciding or DecisionForm(formdata=None)
    names = {person.external_id: person.name for person in kept.people}
    deciding.offer(kept.limits, names, language=chosen_language())
    refused = kept.state is ClearanceState.REFUSED and kept.decision
    page = render_template(
        "clearances/clearance.html",
        against=_grouped(kept.decision.failures if refused and kept.decision else kept.against),
        clearance=kept,
        deciding=deciding,
        just_now="decided" in request.args,
        places={person.external_id: place for place, person in enumerate(kept.people, start=1)},
        posting=posting or PostForm(formdata=None),
        stamping=stamping or PictureForm(formdata=None),
        Shown=Shown,
        takedowns=tasks_about(
            db.session(), clearance=kept.number, permissions=current_user.permissions, zone=zone(), now=clock()
        ),
        may_read_takedowns=True,
        wording_gate=wording_gate,
        **sayings(),
    )
    return make_response(page, 422 if posting or stamping else 200)


def _grouped(failures: tuple[Failure, ...]) -> list[Against]:
    """In the order of the codes; who is meant by each stands under it once."""
    by_code: dict[GateCode, Against] = {}
    for failure in failures:
        remedy = wording_gate.FAILURES[failure.code]
        by_code.setdefault(failure.code, Against(failure.code, remedy)).failures.append(failure)
    return list(by_code.values())
