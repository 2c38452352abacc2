"""Who is about to sign when it happens? Families at kiosks of a registry made for one run, each at the last page."""

import gc
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from consent.app import create_app
from consent.domain.vocabulary import Language
from consent.services import kiosks
from consent.services.drafts import open_draft, save_draft
from consent.settings import Settings
from consent.storage.database import db
from consent.storage.models import KioskDraft
from consent.storage.schema import upgrade_schema
from tests.builders.kiosk_pages import TYPED, AtKiosk, a_device, value_on
from tests.builders.registries import dispose
from tests.builders.staff import csrf_token

CHILDREN = 2


@dataclass(frozen=True)
class Family:
    """A parent with two children, who has answered everything and is about to tap "Sign"."""

    client: FlaskClient
    page: dict[str, str]

    @property
    def key(self) -> str:
        return self.page["key"]

    def send(self) -> TestResponse:
        return self.client.post("/kiosk/sign", data=self.page)

    def tap(self) -> str:
        """Sign, and give the reference number that is shown; nothing where none is."""
        answer = self.send()
        if answer.status_code == 303 and answer.location.startswith("/kiosk/"):
            answer = self.client.get(answer.location)
        _before, found, after = answer.text.partition('data-reference="')
        return after.partition('"')[0] if found else ""


class Stage:
    """A registry that is put back as it was before each try."""

    def __init__(self, folder: Path, families: int = 1) -> None:
        self.instance, self.kept = folder / "instance", folder / "kept"
        self.kept.mkdir()
        self.app = create_app(Settings(instance=self.instance))
        with self.app.app_context():
            upgrade_schema()
        self.families = about_to_sign(self.app, families)
        self._warm()
        # Nothing of this is garbage, and looking for some in a forked process would copy all of it.
        gc.freeze()

    @property
    def file(self) -> Path:
        return self.instance / "registry.sqlite"

    def keep(self) -> None:
        """As it is now on the disk it is put back from now on."""
        self._copy(self.instance, self.kept)

    def put_back(self) -> None:
        self._copy(self.kept, self.instance)

    def _copy(self, source: Path, target: Path) -> None:
        for beside in ("", "-wal", "-journal", "-shm"):
            name = f"{self.file.name}{beside}"
            (target / name).unlink(missing_ok=True)
            # The index beside the log is made anew from it, as it is after a crash.
            if beside != "-shm" and (source / name).exists():
                shutil.copy(source / name, target / name)

    def close(self) -> None:
        """Before anybody is forked, or copies its files."""
        dispose(self.app)

    def _warm(self) -> None:
        """A process that signs for the first time compiles its pages first."""
        self.close()
        self.keep()
        self.families[0].tap()
        self.close()
        self.put_back()


def about_to_sign(app: Flask, count: int) -> list[Family]:
    """Each at a kiosk of their own, since no two families sign at one within three seconds."""
    app.testing = True
    first = a_device(app, "Kiosk 1")
    return [_at_the_last_page(AtKiosk(app, key)) for key in (first, *_more_devices(app, count - 1))]


def begin_anew(app: Flask, family: Family) -> None:
    """The same answers in another sitting at the same kiosk, with a key of its own."""
    now = datetime.now(UTC)
    with app.app_context():
        session = db.session()
        before = session.scalars(select(KioskDraft).where(KioskDraft.idempotency_key == family.key)).one()
        content, kiosk_id = {**before.content, "signed": None}, before.kiosk_id
        token = open_draft(session, kiosk_id=kiosk_id, language=Language.ENGLISH, now=now)
        save_draft(session, token, content, kiosk_id=kiosk_id, language=Language.ENGLISH, now=now)
    family.client.set_cookie("family", token, path="/kiosk")


def _more_devices(app: Flask, count: int) -> list[str]:
    now = datetime.now(UTC)
    with app.app_context():
        session = db.session()
        tokens = [kiosks.add_kiosk(session, f"Kiosk {n + 2}", by="command-line", now=now) for n in range(count)]
        return [kiosks.enroll_device(session, token, now=now) for token in tokens]


def _at_the_last_page(kiosk: AtKiosk) -> Family:
    kiosk.begin().with_signer().with_child().post("/another", another="yes")
    kiosk.with_child(CHILDREN).post("/another", another="no")
    page = kiosk.get("/sign").text
    hidden = {name: value_on(page, name) for name in ("key", "shown")}
    return Family(kiosk.client, TYPED | hidden | {"csrf_token": csrf_token(kiosk.client, "/kiosk/enroll/x")})
