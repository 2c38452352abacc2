"""Where do people's words end up? A registry that holds these texts wherever an import, a form or a kiosk puts words.

The same with harmless texts shows which elements the pages are made of.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

from flask import Flask, url_for
from sqlalchemy import select
from werkzeug.test import TestResponse

from consent.domain.authorizations import AccessLevel
from consent.domain.groups import AddedBy
from consent.domain.paper_forms import FormCode
from consent.domain.permissions import Permission, Role
from consent.domain.sign_in import Proof
from consent.domain.signing import LONGEST_NAME
from consent.domain.vocabulary import Channel, Language, Use
from consent.services import kiosks
from consent.services.acting import Acting
from consent.services.authorizations import Wanted, request_posting
from consent.services.checkpoints import make_checkpoint
from consent.services.checks import Asker, Door
from consent.services.department import LONGEST, Names, name_department
from consent.services.drafts import read_draft
from consent.services.groups import Plan, start_group
from consent.services.groups_people import add_people
from consent.services.kiosk_staff import set_pin
from consent.services.paper_entries import enter_paper
from consent.services.staff import NewStaff, add_staff
from consent.services.staff_sessions import start_session
from consent.services.tokens import add_token
from consent.services.voidings import RecordKind
from consent.storage.database import db
from consent.storage.models import (
    Authenticator,
    Erasure,
    ErasureRequest,
    FormVersion,
    OutgoingMail,
    Platform,
    SecurityKey,
    Signing,
    Staff,
)
from tests.builders.camp import ALL_YES, SINCE, keep
from tests.builders.hostile import packed
from tests.builders.hostile_registers import fill_clearances, fill_registers
from tests.builders.kiosk_pages import LIMITS, MOTHER, AtKiosk
from tests.builders.pages import send
from tests.builders.papers import on_paper
from tests.builders.rows import a_row
from tests.builders.sittings import MOTHER as SIGNER
from tests.builders.sittings import a_child, a_sitting
from tests.builders.staff import csrf_token, hire, signed_in

Line = dict[str, object]
NOW = datetime.now(UTC).replace(microsecond=0)
YEAR = timedelta(days=365)
OTHER_PAGES = (
    "/signer", "/child/1", "/child/1/answers", "/child/1/limits", "/child/1/of-age", "/another", "/review", "/paper",
    "/who", "/alive", "/under-18", "/cannot-sign/age", "/cannot-sign/relationship",
)  # fmt: skip
ALL = "all@city.example"
"""Who has every role, and an account page with such names on it."""
PLATFORMS = 3
"""Of each, a person's page says a line for each use."""
PIN = "270361"
FEW = 5
"""For more children the paper that says it all is long in the drawing."""
ACCOUNT = re.compile(r'name="(at-[^"]*)"')
REFERENCE = re.compile(r'data-reference="([^"]+)"')


def lines(texts: Sequence[str]) -> Iterator[Line]:
    """Everything that an import may say, about as many people as it takes to say all of the texts in each place."""
    names, keys, accounts = packed(128, texts), packed(64, texts), packed(200, texts)
    last_names = [*names[1:], names[0]]
    reasons = packed(900, texts)
    form_text = "\n".join(texts[::6])
    key = dict(enumerate(keys))
    number = [
        key[place % len(keys)] if place < len(keys) else f"{place} {key[place % len(keys)]}"[:64]
        for place in range(400)
    ]
    yield {
        "type": "form", "id": number[0], "version": 1, "uses": [use.value for use in Use], "published_at": SINCE,
        "title": dict.fromkeys(("en", "es"), packed(400, texts)[0]), "body": dict.fromkeys(("en", "es"), form_text),
    }  # fmt: skip
    places = range(len(names))
    for place in places:
        if place < PLATFORMS:
            yield {"type": "platform", "id": number[place], "name": names[place], "approved_from": SINCE}
        days = {"starts": str(NOW.date() - YEAR), "ends": str(NOW.date() + YEAR)}
        yield {"type": "program", "id": number[place], "name": names[place]} | days
    for place in range(max(len(names), len(keys))):
        named = {"first_name": names[place % len(names)], "last_name": last_names[place % len(names)]}
        account = {number[place % PLATFORMS]: accounts[place % len(accounts)]}
        yield {"type": "patron", "id": number[place], "born": "2015-03-04", "handles": account} | named
        reached_at = {"email": accounts[place % len(accounts)], "phone": keys[place % len(keys)]}
        yield {"type": "guardian", "id": number[place]} | named | reached_at
        bond = {"type": "guardianship", "guardian": number[place], "patron": number[place], "relationship": "parent"}
        yield bond | {"since": SINCE}
        yield {"type": "enrollment", "patron": number[place], "program": number[place % min(6, len(names))]}
        yield {
            "type": "consent", "id": number[place], "patron": number[place], "signer": number[place], "version": 1,
            "signed_at": (NOW - timedelta(days=9)).isoformat(), "witnessed_at": NOW.isoformat(), "answers": ALL_YES,
            "platforms": [number[place % PLATFORMS]] if place % 2 else "all",
            "programs": [number[place % min(6, len(names))]] if place % 2 else "all",
            "form": number[0], "language": "es" if place % 2 else "en", "expires_at": (NOW + YEAR).isoformat(),
        }  # fmt: skip
        if place % 5 == 0:
            yield {
                "type": "hold",
                "id": number[place],
                "patron": number[place],
                "since": NOW.isoformat(),
                "reason": reasons[place % len(reasons)],
            }
        if place % 5 == 1:
            yield {
                "type": "withdrawal", "id": number[place], "patron": number[place], "signer": number[place],
                "at": NOW.isoformat(), "uses": "all",
            }  # fmt: skip


def fill_registry(app: Flask, texts: Sequence[str], *, at_once: int = 12) -> Sequence[str]:
    """By the import, by the services that a terminal calls, by families at kiosks, and by the desk's own forms.

    Gives the tokens of the families' copies.
    """
    keep(app, lines(texts), now=NOW + timedelta(minutes=1))
    _name_staff_and_tokens(app, texts)
    references, copies = zip(*_sign(app, texts, at_once), strict=True)
    _write_at_the_desk(app, texts, references)
    _enter_a_paper(app, texts)
    _keep_what_staff_and_servers_say(app, texts)
    return copies


def _name_staff_and_tokens(app: Flask, texts: Sequence[str]) -> None:
    with app.app_context():
        session = db.session()
        for place, name in enumerate(map(as_typed, packed(128, texts))):
            new = NewStaff(f"lead{place}@city.example", name, frozenset({Role.PROGRAM_LEAD}))
            add_staff(session, new, by="command-line", now=NOW)
            add_token(session, name, by="command-line", now=NOW)


def _sign(app: Flask, texts: Sequence[str], at_once: int) -> Iterator[tuple[str, str]]:
    """Families who type all of it at kiosks so named; what no kiosk takes as a name is left out."""
    typed = [as_typed(name) for name in packed(LONGEST_NAME, texts)]
    with app.app_context():
        session = db.session()
        kiosks.set_esign_policy(session, as_typed("".join(texts)), by="command-line", now=NOW)
        tokens = [kiosks.add_kiosk(session, name, by="command-line", now=NOW) for name in typed]
        keys = [kiosks.enroll_device(session, token, now=NOW) for token in tokens]
    every = 1 if at_once < FEW else 2
    for start in range(0, len(typed), at_once):
        yield HostileFamily(app, keys[start]).signs(typed[start : start + at_once : every])


def _enter_a_paper(app: Flask, texts: Sequence[str]) -> None:
    """Read off by a colleague so named too."""
    name = as_typed(packed(LONGEST_NAME, texts)[0])
    colleague = hire(app, email="paper@city.example", name=name)
    with app.app_context():
        session, zone = db.session(), app.config["CONSENT"].zone
        form = session.scalars(select(FormVersion.form).limit(1)).one()
        sitting = a_sitting(a_child(name, last_name=name), signer=replace(SIGNER, first_name=name, last_name=name))
        code, signed_on = FormCode(form, 1, Language.SPANISH), (NOW - timedelta(days=2)).date()
        paper = on_paper(code=code, sitting=sitting, signed_on=signed_on)
        told = {"staff_id": colleague, "by": f"staff:{colleague}", "department": name}
        enter_paper(session, paper, zone=zone, now=NOW + timedelta(minutes=1), **told)


def as_typed(text: str) -> str:
    """As much of it as may stand on one line."""
    return "".join(sign for sign in text if sign.isprintable())[:LONGEST_NAME].strip()


def account_fields(page: str) -> list[str]:
    return [unescape(name) for name in ACCOUNT.findall(page)]


class HostileFamily(AtKiosk):
    """Types this where its names belong, goes back to every page, and signs."""

    token = ""

    def post(self, path: str, **sent: str) -> TestResponse:
        """With the one token that all pages of a sitting share."""
        if not self.token:
            self.token = csrf_token(self.client, "/kiosk/enroll/x")
        return self.client.post(f"/kiosk{path}", data=sent | {"csrf_token": self.token})

    def signs(self, names: Sequence[str]) -> tuple[str, str]:
        """The reference that their last page tells, and the token of their copy."""
        self.begin().post("/signer", **MOTHER | {"first_name": f"{names[0]}\n", "last_name": names[-1] + "\u202e"})
        self.with_signer(first_name=names[0], last_name=names[-1])
        for number, name in enumerate(names, start=1):
            child = f"/child/{number}"
            self.with_child(number, first_name=name, last_name=names[-number])
            self.post(f"{child}/limits", **LIMITS)
            self.post(f"{child}/accounts", **dict.fromkeys(account_fields(self.get(f"{child}/accounts").text), name))
            self.post("/another", another="no" if number == len(names) else "yes")
        for page in OTHER_PAGES:
            self.get(page)
        token = self._token_of_copy()
        copy = f"/copy/{token}"
        assert self.sign(name=names[0]).location == "/kiosk/done"
        reference = REFERENCE.search(self.get("/done").text)[1]
        for path in ("/kiosk/finished", "/kiosk", copy, *([f"{copy}/copy.pdf"] if len(names) < FEW else [])):
            self.client.get(path)
        self._open_staff_menu()
        return reference, token

    def _open_staff_menu(self) -> None:
        with self.session() as session:
            kiosk = kiosks.kiosk_of(session, self.client.get_cookie("kiosk", path="/kiosk").value)
            set_pin(session, kiosk.id, PIN, by="command-line", now=NOW)
        self.get("/staff/enter")
        self.post("/staff/enter", pin=PIN)
        self.get("/staff")

    def _token_of_copy(self) -> str:
        """What the code on their last page holds, where a phone could open it."""
        with self.session() as session:
            kiosk = kiosks.kiosk_of(session, self.client.get_cookie("kiosk", path="/kiosk").value)
            family = self.client.get_cookie("family", path="/kiosk").value
            return str(read_draft(session, family, kiosk_id=kiosk.id, now=datetime.now(UTC)).copy_token)


def _write_at_the_desk(app: Flask, texts: Sequence[str], references: Sequence[str]) -> None:
    """A reason for each thing that needs one, and a name for whatever gets one there."""
    desk, officer = (signed_in(app, *Role, email=f"{who}@city.example") for who in ("desk", "officer"))
    keys, names, reasons = packed(64, texts), packed(128, texts), packed(900, texts)
    for place, reason in enumerate(reasons):
        with app.test_request_context():
            key = keys[place % len(keys)]
            patron, guardian, hold, voiding = (
                url_for("corrections.patron", patron=key),
                url_for("corrections.guardian", patron=key, guardian=key),
                url_for("holds.place", patron=key),
                url_for("voidings.ask", kind=RecordKind.CONSENT, record=key),
            )
        send(desk, patron, first_name=names[-1 - place % len(names)], reason=reason)
        send(desk, guardian, email="", reason=reason)
        send(desk, hold, reason=reason)
        asked = send(desk, voiding, reason=reason)
        if place % 2 and asked.location:
            officer.post(f"{asked.location}/second", data={"csrf_token": csrf_token(officer)})
        day = {"starts": "2026-01-01", "ends": "2027-01-01"}
        send(desk, "/programs/new", name=names[place % len(names)], **day)
    for reference, reason in zip(references[1:4], packed(450, texts) * len(references), strict=False):
        desk.post(f"/desk/signings/{reference}/reject", data={"reason": reason, "csrf_token": csrf_token(desk)})


def _keep_what_staff_and_servers_say(app: Flask, texts: Sequence[str]) -> None:
    """What a browser, a mail server or somebody's own account page says, and what the department is called."""
    mine = hire(app, *Role, email=ALL, name=as_typed(packed(128, texts)[0]))
    names = packed(64, texts)
    with app.app_context():
        session = db.session()
        city, department = (as_typed(name)[:LONGEST].strip() for name in names[:2])
        name_department(session, Names(city, department), by="command-line", now=NOW)
        platforms = session.scalars(select(Platform.external_id)).all()
        [other, *_] = session.scalars(select(Staff.id).where(Staff.id != mine))
        for place, name in enumerate(map(as_typed, names[::3])):
            wanted = Wanted(platforms[place % len(platforms)], name, AccessLevel.POST, NOW.date() + YEAR)
            request_posting(session, other, wanted, acting=Acting(mine, NOW, NOW.date()))
            start_session(session, mine, Proof.SECURITY_KEY, browser=name, now=NOW)
        for reason in packed(900, texts):
            a_row(session, ErasureRequest, reason=reason, legal_basis=reason, requested_by=mine)
        a_row(session, Erasure, request_id=1, requested_by=mine, approved_by=other, despite=packed(900, texts)[0])
        for name in map(as_typed, names[:PLATFORMS]):
            a_row(session, Authenticator, staff_id=mine, name=name)
            a_row(session, SecurityKey, staff_id=mine, name=name)
        for place, signing in enumerate(session.scalars(select(Signing.id)).all()):
            told = names[place % len(names)]
            a_row(
                session, OutgoingMail, signing_id=signing, to_address=told, answer=told, given_up_at=NOW, queued_at=NOW
            )
        fill_registers(session, texts, mine=mine, other=other, today=NOW.date())
        fill_clearances(session, texts, mine=mine)
        session.commit()
        asker = Asker(Door.GROUP_CHECK, frozenset(Permission), staff_id=mine)
        picture = start_group(session, Plan((Use.PHOTO,), Channel.DEPARTMENT), None, asker=asker, now=NOW)
        add_people(session, picture, [*names, "nobody"], AddedBy.SCAN, asker=asker, today=NOW.date(), now=NOW)
        make_checkpoint(session, app.config["CONSENT"], by="tick", now=NOW)
