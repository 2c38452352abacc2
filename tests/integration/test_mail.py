"""Does the copy go by mail when it is asked for, and does whatever the mail server does delay or lose nothing?"""

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consent.app import main
from consent.cli.tick import PAPERS
from consent.documents.letters import compose_mail
from consent.domain.doctor import Check
from consent.domain.mail import PAUSES, Letter, MailKind, MailState, next_try
from consent.domain.permissions import Role
from consent.domain.vocabulary import Language
from consent.services import tick as passing_time
from consent.services.checkpoints_mailed import mail_when_due
from consent.services.copies_stored import store_missing_copies
from consent.services.doctor import examine
from consent.services.mail import mail_told, send_mail
from consent.services.signing import Signed
from consent.settings import Settings
from consent.storage.models import KioskDraft, OutgoingMail, Signing, StoredCopy
from tests.builders.camp import a_camp, keep
from tests.builders.kiosk_pages import CHILD, AtKiosk
from tests.builders.kiosk_pages import MOTHER as TYPED_MOTHER
from tests.builders.paper import words
from tests.builders.sittings import MOTHER, NOW, Kiosk, a_sitting
from tests.builders.staff import signed_in

TO = "mo.avila@example.org"
FROM = "consent@city.example"


@dataclass
class Postbox:
    """A mail server of the test's own, as unwilling as it is told to be."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    taken: list[bytes] = field(default_factory=list)
    greeting: str = "220 city.example"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                self.talk(stream)

    def talk(self, stream) -> None:
        def say(line: str) -> None:
            stream.write(f"{line}\r\n".encode())
            stream.flush()

        say(self.greeting)
        while line := stream.readline():
            verb = line.decode("ascii", "replace").split(" ")[0].split(":")[0].strip().upper()
            if verb == "DATA" and "DATA" not in self.answers:
                say("354 go on")
                letter = b""
                while (part := stream.readline()) not in {b".\r\n", b""}:
                    letter += part
                self.taken.append(letter)
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say(self.answers.get(verb, "250 ok"))


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    listening = socket.create_server(("127.0.0.1", 0))
    box = Postbox(listening.getsockname()[1])
    thread = threading.Thread(target=box.serve, args=(listening,), daemon=True)
    thread.start()
    yield box
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(10)


@pytest.fixture(autouse=True)
def camp_time() -> Iterator[time_machine.Traveller]:
    """The web reads the clock itself."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def kiosk(app: Flask) -> Kiosk:
    keep(app, a_camp())
    return Kiosk(app)


@pytest.fixture
def signed(kiosk: Kiosk) -> Signed:
    sitting = a_sitting(signer=replace(MOTHER, email=TO), language=Language.SPANISH)
    return kiosk.tap(kiosk.reviewed(sitting))


@pytest.fixture
def tick(app: Flask, session: Session, postbox: Postbox) -> Callable[..., str | None]:
    """What the tick does for mail, as often as it is called."""
    settings = replace(app.config["CONSENT"], smtp_url=postbox.url, mail_from=FROM)

    def tick(after: timedelta = timedelta(), **changed: object) -> str | None:
        store_missing_copies(session, PAPERS.draw_copy, settings=settings, now=NOW)
        return send_mail(session, compose_mail, replace(settings, **changed), now=NOW + after)

    return tick


def state(session: Session) -> MailState:
    session.rollback()
    told = mail_told(session, session.scalars(select(Signing.id)).one())
    assert told is not None
    return told.state


def test_the_copy_is_mailed_in_the_language_signed(session: Session, postbox: Postbox, signed: Signed, tick):
    assert tick() == "Sent mail: 1 of 1."
    [taken] = postbox.taken
    letter = message_from_bytes(taken, policy=default)
    assert letter["Subject"] == f"Su copia firmada {signed.reference}"
    assert letter["To"] == TO
    assert letter["From"] == f"City Recreation Department <{FROM}>"
    plain, page = letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()
    assert signed.reference in plain
    assert signed.reference in page
    assert not any(name in plain + page + letter["Subject"] for name in ("Zoë", "Ávila"))
    [paper] = letter.iter_attachments()
    assert paper.get_filename() == f"signed-copy-{signed.reference}.pdf"
    assert paper.get_content() == session.scalars(select(StoredCopy)).one().pdf
    assert "Zoë Ávila" in words(paper.get_content())


def test_it_is_sent_once(session: Session, postbox: Postbox, signed: Signed, tick):
    assert tick()
    assert tick(timedelta(days=1)) is None
    assert (len(postbox.taken), state(session), bool(signed)) == (1, MailState.SENT, True)


def test_nothing_is_mailed_to_whoever_gave_no_address(session: Session, kiosk: Kiosk, tick):
    kiosk.tap(kiosk.reviewed(a_sitting()))
    assert tick() is None
    assert session.scalars(select(OutgoingMail)).all() == []


def test_without_a_mail_server_nothing_is_tried(session: Session, signed: Signed, tick):
    assert tick(smtp_url="") is None
    assert (state(session), bool(signed)) == (MailState.WAITING, True)


@pytest.mark.parametrize("greeting", ["554 go away", "421 too busy"])
def test_a_server_that_takes_nothing_leaves_the_mail_waiting(
    session: Session, postbox: Postbox, signed: Signed, tick, greeting: str
):
    postbox.greeting = greeting
    assert "does not take any" in (tick() or "")
    postbox.greeting = "220 better now"
    assert (tick(), state(session), bool(signed)) == ("Sent mail: 1 of 1.", MailState.SENT, True)


def test_a_server_that_is_down_leaves_the_mail_waiting(session: Session, signed: Signed, tick):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "does not take any" in (tick(smtp_url=f"smtp://127.0.0.1:{port}") or "")
    assert (state(session), bool(signed)) == (MailState.WAITING, True)


def test_a_slow_server_delays_nobody_who_signs(kiosk: Kiosk, postbox: Postbox, signed: Signed, tick):
    """While the tick waits for the mail server, it holds nobody's turn."""
    talking, go_on = threading.Event(), threading.Event()

    def slowly(stream) -> None:
        talking.set()
        go_on.wait(20)
        Postbox.talk(postbox, stream)

    postbox.talk = slowly
    sending = threading.Thread(target=tick)
    sending.start()
    assert talking.wait(20)
    assert kiosk.tap(kiosk.reviewed(a_sitting())).reference != signed.reference
    go_on.set()
    sending.join(20)
    assert len(postbox.taken) == 1


def test_an_address_that_the_server_refuses_is_shown_to_the_desk(
    app: Flask, session: Session, postbox: Postbox, signed: Signed, tick
):
    postbox.answers["RCPT"] = f"550 no such mailbox: {TO}"
    assert tick() == "Sent mail: 0 of 1."
    assert state(session) is MailState.GIVEN_UP
    page = signed_in(app, Role.FRONT_DESK).get(f"/desk/signings/{signed.reference}").text
    assert 'data-mail="given-up"' in page
    assert "550 no such mailbox: …" in page
    assert tick(timedelta(days=9)) is None


def test_a_server_that_is_busy_is_asked_again_with_growing_pauses_and_then_no_more(
    session: Session, postbox: Postbox, signed: Signed, tick
):
    postbox.answers["RCPT"] = "450 later"
    after = timedelta()
    for pause in PAUSES:
        assert tick(after) == "Sent mail: 0 of 1."
        assert tick(after + pause - timedelta(seconds=1)) is None
        after += pause
        assert state(session) is MailState.WAITING
    assert tick(after) == "Sent mail: 0 of 1."
    assert (state(session), bool(signed)) == (MailState.GIVEN_UP, True)
    assert next_try(len(PAUSES) + 1, NOW) is None


def test_a_server_that_refuses_the_letter_itself_is_believed(session: Session, postbox: Postbox, signed: Signed, tick):
    postbox.answers["DATA"] = "552 too large"
    assert tick() == "Sent mail: 0 of 1."
    assert (state(session), bool(signed)) == (MailState.GIVEN_UP, True)


def test_two_ticks_at_once_send_it_once(app: Flask, kiosk: Kiosk, postbox: Postbox, signed: Signed):
    settings = replace(app.config["CONSENT"], smtp_url=postbox.url, mail_from=FROM)

    def send() -> None:
        with Session(kiosk.engine) as session:
            store_missing_copies(session, PAPERS.draw_copy, settings=settings, now=NOW)
            send_mail(session, compose_mail, settings, now=NOW)

    both = [threading.Thread(target=send) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert (len(postbox.taken), bool(signed)) == (1, True)


def test_a_password_is_never_given_without_tls(session: Session, signed: Signed, postbox: Postbox, tick):
    url = f"smtp://registry:secret@127.0.0.1:{postbox.port}"
    assert "does not take any" in (tick(smtp_url=url) or "")
    assert (state(session), bool(signed)) == (MailState.WAITING, True)


def test_a_mail_that_waits_too_long_is_found_by_the_doctor(app: Flask, session: Session, signed: Signed):
    settings = replace(app.config["CONSENT"], smtp_url="smtp://127.0.0.1:1", mail_from=FROM)
    soon = examine(session, settings, debug=False, now=NOW + timedelta(hours=1))
    late = examine(session, settings, debug=False, now=NOW + timedelta(hours=3))
    assert Check.MAIL_LEAVES not in {finding.check for finding in soon}
    assert Check.MAIL_LEAVES in {finding.check for finding in late}
    assert signed.reference


@pytest.mark.parametrize("kind", MailKind)
@pytest.mark.parametrize("language", Language)
def test_every_letter_is_written_in_both_languages(kind: MailKind, language: Language):
    letter = Letter(kind, TO, FROM, "Parks & <Recreation>", language, reference="K7QX-2M9P", text="a <b>\nc")
    message = compose_mail(letter)
    page = message.get_body(("html",)).get_content()
    assert f'<html lang="{language}">' in page
    assert "<pre>a &lt;b&gt;" in page
    assert "<Recreation>" not in page


@pytest.mark.parametrize("poison", ["mo@example.org\r\nBcc: all@example.org", "mo@example.org, all@example.org"])
def test_no_address_adds_a_header(poison: str):
    letter = Letter(MailKind.SIGNED_COPY, poison, FROM, "City", Language.ENGLISH, reference="K7QX-2M9P")
    with pytest.raises(ValueError, match=r"(?i)invalid|cr|line"):
        compose_mail(letter)


@pytest.fixture
def at_kiosk(app: Flask) -> AtKiosk:
    app.config["CONSENT"] = replace(app.config["CONSENT"], smtp_url="smtp://127.0.0.1:1", mail_from=FROM)
    return AtKiosk(app)


@pytest.mark.parametrize("for_whom", ["children", "self"])
def test_the_kiosk_asks_for_an_address_that_may_be_left_out(at_kiosk: AtKiosk, for_whom: str):
    at_kiosk.begin().post("/who", whom=for_whom)
    page = "/signer" if for_whom == "children" else "/child/1"
    typed = TYPED_MOTHER if for_whom == "children" else CHILD | {"year": "1990", "day": "5"}
    assert 'name="email"' in at_kiosk.get(page).text
    wrong = at_kiosk.post(page, **typed, email="mo at example").text
    assert "Enter an email address, such as name@example.org" in wrong
    assert 'value="mo at example"' in wrong
    assert at_kiosk.post(page, **typed, email=TO).status_code == 303
    assert at_kiosk.post(page, **typed, email="").status_code == 303


def test_where_no_mail_is_sent_no_address_is_asked_for(app: Flask):
    kiosk = AtKiosk(app)
    kiosk.begin().post("/who", whom="children")
    assert 'name="email"' not in kiosk.get("/signer").text
    assert kiosk.post("/signer", **TYPED_MOTHER, email=TO).location == "/kiosk/child/1"
    with kiosk.session() as session:
        assert TO not in str(session.scalars(select(KioskDraft.content)).one())


def test_the_address_is_where_the_copy_goes(at_kiosk: AtKiosk):
    at_kiosk.begin().with_signer(email=TO).with_child()
    at_kiosk.post("/another", another="no")
    assert at_kiosk.sign().location == "/kiosk/done"
    with at_kiosk.session() as session:
        assert session.scalars(select(OutgoingMail.to_address)).all() == [TO]


CLERK = "clerk@city.example"


@pytest.fixture
def to_clerk(app: Flask, postbox: Postbox) -> Settings:
    return replace(app.config["CONSENT"], smtp_url=postbox.url, mail_from=FROM, checkpoint_mail_to=CLERK)


def queued(session: Session) -> int:
    session.rollback()
    kind = OutgoingMail.kind == MailKind.CHECKPOINT
    return session.scalar(select(func.count()).select_from(OutgoingMail).where(kind)) or 0


def test_a_checkpoint_is_mailed_on_each_day_and_once(session: Session, to_clerk: Settings, signed: Signed):
    """NOW is noon in the registry's zone, and the day ends at its midnight."""
    assert signed
    hours = (0, 1, 11, 12, 13, 36)
    told = [mail_when_due(session, to_clerk, by="tick", now=NOW + timedelta(hours=after)) for after in hours]
    assert [after for after, said in zip(hours, told, strict=True) if said] == [0, 12, 36]
    assert queued(session) == 3
    assert mail_when_due(session, replace(to_clerk, checkpoint_mail_to=""), by="tick", now=NOW) is None


def test_a_registry_in_which_nothing_happened_has_nothing_to_mail(session: Session, to_clerk: Settings):
    assert mail_when_due(session, to_clerk, by="tick", now=NOW) is None
    assert queued(session) == 0


def test_two_machines_at_once_put_one_checkpoint_into_the_mail(
    session: Session, kiosk: Kiosk, to_clerk: Settings, signed: Signed
):
    def put(_: int) -> str | None:
        with Session(kiosk.engine) as own:
            return mail_when_due(own, to_clerk, by="tick", now=NOW)

    with ThreadPoolExecutor(4) as many:
        told = list(many.map(put, range(4)))
    assert (len([said for said in told if said]), queued(session), bool(signed)) == (1, 1, True)


def test_a_server_that_is_down_holds_the_checkpoint_back_and_nothing_else(
    app: Flask, session: Session, to_clerk: Settings, signed: Signed
):
    app.config["CONSENT"] = replace(to_clerk, smtp_url="smtp://127.0.0.1:1")
    with app.app_context():
        done = passing_time.tick(session, PAPERS, now=NOW)
    assert "Stored signed copies: 1." in done
    assert done[-1].startswith("No mail was sent")
    assert "2" in send_mail(session, compose_mail, to_clerk, now=NOW + timedelta(hours=1))
    assert signed


@pytest.mark.usefixtures("signed")
@pytest.mark.parametrize("database", ["sqlite"])
def test_the_mail_itself_is_held_against_the_ledger(
    app: Flask, session: Session, postbox: Postbox, to_clerk: Settings, tmp_path: Path
):
    mail_when_due(session, to_clerk, by="tick", now=NOW)
    send_mail(session, compose_mail, to_clerk, now=NOW)
    [letter] = [mail for mail in map(parsed, postbox.taken) if mail["To"] == CLERK]
    saved, text = tmp_path / "mail.eml", tmp_path / "mail.txt"
    saved.write_bytes(letter.as_bytes())
    text.write_text(letter.get_body(("plain",)).get_content())
    kept = app.test_cli_runner().invoke
    for file in (saved, text):
        assert kept(main, ["verify", "--checkpoint", str(file)]).exit_code == 0, file
    size = text.read_text().split("/ledger\n")[1].split("\n")[0]
    text.write_text(text.read_text().replace(f"\n{size}\n", "\n999\n"))
    cut = kept(main, ["verify", "--checkpoint", str(text)])
    assert (cut.exit_code, "its end was cut off" in cut.output) == (1, True)


def parsed(letter: bytes) -> EmailMessage:
    return message_from_bytes(letter, policy=default)
