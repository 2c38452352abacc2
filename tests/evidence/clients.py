"""How does a kiosk's browser sign over the wire, and what does it do when nobody answers? It taps again."""

import http
import http.client
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select

from consent.domain.vocabulary import Language
from consent.services import kiosks
from consent.services.drafts import open_draft, save_draft
from consent.storage.database import db
from consent.storage.models import KioskDraft
from tests.evidence.families import Family
from tests.evidence.mortal import Line

GIVES_UP_AFTER_SECONDS = 120.0
ANSWERED_WITHIN_SECONDS = 60.0
REFERENCE = 'data-reference="'


@dataclass(frozen=True, slots=True)
class Sitting:
    """What one family's browser sends."""

    key: str
    cookies: str
    body: str


def sittings(app: Flask, family: Family, count: int) -> list[Sitting]:
    """As many families with the same answers as this one, each at a kiosk of their own."""
    now = datetime.now(UTC)
    with app.app_context():
        session = db.session()
        content = dict(
            session.scalars(select(KioskDraft).where(KioskDraft.idempotency_key == family.key)).one().content
        )
        made = []
        for _ in range(count):
            token = kiosks.add_kiosk(session, f"Tablet {secrets.token_hex(8)}", by="command-line", now=now)
            device = kiosks.enroll_device(session, token, now=now)
            kiosk = kiosks.kiosk_of(session, device)
            assert kiosk is not None
            kiosk_id = kiosk.id
            draft = open_draft(session, kiosk_id=kiosk_id, language=Language.ENGLISH, now=now)
            save_draft(session, draft, content, kiosk_id=kiosk_id, language=Language.ENGLISH, now=now)
            key = session.scalars(select(KioskDraft.idempotency_key).where(KioskDraft.kiosk_id == kiosk_id)).one()
            made.append(_sitting(family, device, draft, key))
    return made


def sign_each(sat: Iterable[Sitting], port: int, tell: Line, *, pause: float = 0, again: bool = True) -> None:
    """One after the other, each until they hold a reference number, or once; told is how that went."""
    for sitting in sat:
        started, refused, reference = time.monotonic(), 0, ""
        while not reference:
            if time.monotonic() - started > GIVES_UP_AFTER_SECONDS:
                raise TimeoutError("Nobody answered a family for two minutes")
            status, reference = _tap(sitting, port)
            if not reference:
                refused += status >= http.HTTPStatus.INTERNAL_SERVER_ERROR
                if not again:
                    break
                time.sleep(0.01)
        taken = time.monotonic() - started
        time.sleep(pause)
        tell({"key": sitting.key, "reference": reference, "refused": refused, "seconds": taken})


def _sitting(family: Family, device: str, draft: str, key: str) -> Sitting:
    session = family.client.get_cookie("session")
    assert session is not None
    cookies = f"kiosk={device}; family={draft}; session={session.value}"
    return Sitting(key, cookies, urlencode(family.page | {"key": key}))


def _tap(sitting: Sitting, port: int) -> tuple[int, str]:
    """The status, 0 where nobody answered; and the reference number that the page shows, if it shows one."""
    connection = http.client.HTTPConnection("localhost", port, timeout=ANSWERED_WITHIN_SECONDS)
    try:
        answer = _ask(connection, "POST", "/kiosk/sign", sitting)
        if answer.status == 303:
            answer = _ask(connection, "GET", answer.headers["Location"], sitting)
        return answer.status, answer.page.partition(REFERENCE)[2].partition('"')[0]
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: http.client.HTTPMessage
    page: str


def _ask(connection: http.client.HTTPConnection, method: str, path: str, sitting: Sitting) -> _Answer:
    headers = {"Cookie": sitting.cookies, "Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path, sitting.body if method == "POST" else None, headers)
    answer = connection.getresponse()
    return _Answer(answer.status, answer.headers, answer.read().decode("utf-8", "replace"))
