"""How does mail leave the registry? From an outbox, on the tick's time: whatever the mail server does delays nobody."""

import logging
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session

from consent.domain.mail import PAUSES, Letter, MailKind, MailState, next_try
from consent.domain.vocabulary import Language
from consent.services.department import department_name
from consent.settings import Settings
from consent.storage import copies, mail
from consent.storage.database import begin_writing
from consent.storage.models import OutgoingMail, Signing

Compose = Callable[[Letter], EmailMessage]
AT_ONCE = 50
SECONDS = 20
ANSWER_AT_MOST = 200
FOR_GOOD = 500
"""A reply of the server from here on is its last word."""


@dataclass(frozen=True, slots=True)
class Mailed:
    """How the mail with a signing's copy fared, and the mail server's last word where it did not take it."""

    state: MailState
    answer: str


log = logging.getLogger(__name__)


def queue_copy(session: Session, signing: Signing, to: str, *, now: datetime) -> None:
    """Let the signer's copy be mailed, as part of the signing: its caller holds the writer's turn and commits."""
    session.add(_queued(MailKind.SIGNED_COPY, to, signing.language, now, signing_id=signing.id))


def queue_checkpoint(session: Session, to: str, note: str, *, now: datetime) -> None:
    """Let a signed checkpoint be mailed: its caller holds the writer's turn and commits."""
    session.add(_queued(MailKind.CHECKPOINT, to, Language.ENGLISH, now, text=note))


def send_mail(session: Session, compose: Compose, settings: Settings, *, now: datetime) -> str | None:
    """Send what is due. Each is claimed before it is tried, so that two ticks at once do not send it twice."""
    if not settings.smtp_url:
        return None
    waiting = mail.due(session, now, at_most=AT_ONCE)
    session.rollback()
    if not waiting:
        return None
    try:
        with _connected(settings.smtp_url) as server:
            sent = sum([_send(session, server, compose, settings, key, now=now) for key in waiting])
    except (OSError, smtplib.SMTPException) as down:
        log.warning("No mail was sent: the mail server does not take any (%s)", type(down).__name__)
        return f"No mail was sent: the mail server does not take any. Waiting: {len(waiting)}."
    return f"Sent mail: {sent} of {len(waiting)}."


def mail_told(session: Session, signing_id: int) -> Mailed | None:
    """None where no mail was asked for."""
    row = mail.mail_of(session, signing_id)
    if row is None:
        return None
    state = MailState.SENT if row.sent_at else MailState.GIVEN_UP if row.given_up_at else MailState.WAITING
    return Mailed(state, row.answer or "")


def _queued(
    kind: MailKind, to: str, language: str, now: datetime, *, signing_id: int | None = None, text: str = ""
) -> OutgoingMail:
    return OutgoingMail(
        kind=kind.value,
        to_address=to,
        language=language,
        signing_id=signing_id,
        text=text,
        queued_at=now,
        next_try_at=now,
    )


@contextmanager
def _connected(url: str) -> Iterator[smtplib.SMTP]:
    """`smtp://` takes TLS where it is offered, and never gives a password without it; `smtps://` begins with it."""
    address = urlsplit(url)
    host, secure = address.hostname or "", ssl.create_default_context()
    if address.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, address.port or 465, timeout=SECONDS, context=secure)
    else:
        server = smtplib.SMTP(host, address.port or 25, timeout=SECONDS)
    with server:
        server.ehlo()
        if address.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=secure)
            server.ehlo()
        if address.username:
            if not isinstance(server.sock, ssl.SSLSocket):
                raise smtplib.SMTPNotSupportedError("The server offers no TLS, so it gets no password")
            server.login(unquote(address.username), unquote(address.password or ""))
        yield server


def _send(
    session: Session, server: smtplib.SMTP, compose: Compose, settings: Settings, key: int, *, now: datetime
) -> bool:
    """Whether it was sent. No transaction is open while the server is spoken with."""
    row = _claim(session, key, now)
    letter = _letter(session, row, settings) if row else None
    if row is None or letter is None:
        session.rollback()
        return False
    to = row.to_address
    session.rollback()
    message = compose(letter)
    refused, answer = False, ""
    try:
        server.send_message(message, from_addr=settings.mail_from, to_addrs=[to])
    except smtplib.SMTPRecipientsRefused as refusal:
        code, told = refusal.recipients[to]
        refused, answer = code >= FOR_GOOD, f"{code} {_words(told)}"
    except smtplib.SMTPResponseException as refusal:
        refused, answer = refusal.smtp_code >= FOR_GOOD, f"{refusal.smtp_code} {_words(refusal.smtp_error)}"
    _note(session, key, refused=refused, answer=answer.replace(to, "…"), now=now)
    return not answer


def _claim(session: Session, key: int, now: datetime) -> OutgoingMail | None:
    """The try is counted before it is made, and the next one set: a process that dies meanwhile blocks nothing."""
    begin_writing(session)
    row = session.get_one(OutgoingMail, key)
    if row.next_try_at is None or row.next_try_at > now:
        return None
    row.tries += 1
    row.next_try_at = next_try(row.tries, now) or now + PAUSES[-1]
    session.commit()
    return row


def _letter(session: Session, row: OutgoingMail, settings: Settings) -> Letter | None:
    """None while the signed copy is not stored yet; the tick stores it before it sends."""
    common = {
        "kind": MailKind(row.kind),
        "to": row.to_address,
        "sender": settings.mail_from,
        "department": department_name(session, settings.department),
        "language": Language(row.language),
    }
    if row.signing_id is None:
        return Letter(**common, text=row.text)  # type: ignore[arg-type]  # each has its field's type
    stored = copies.stored_pdf(session, row.signing_id)
    reference = session.get_one(Signing, row.signing_id).reference
    return Letter(**common, reference=reference, paper=stored[0]) if stored else None  # type: ignore[arg-type]  # as above


def _note(session: Session, key: int, *, refused: bool, answer: str, now: datetime) -> None:
    begin_writing(session)
    row = session.get_one(OutgoingMail, key)
    row.answer = answer[:ANSWER_AT_MOST] or None
    if not answer:
        row.sent_at, row.next_try_at = now, None
    elif refused or next_try(row.tries, now) is None:
        row.given_up_at, row.next_try_at = now, None
    session.commit()


def _words(told: bytes | str) -> str:
    text = told.decode("utf-8", "replace") if isinstance(told, bytes) else told
    return "".join(letter if letter.isprintable() else " " for letter in text)
