"""R3: what does a registry do whose disk is full? It saves nothing by halves, says so, and goes on when there is room.

The database may grow by so many pages and no more, or its file system has so many bytes left and no more.
"""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from consent.domain.permissions import Role
from consent.services.tokens import add_token
from consent.services.verification import verify
from consent.storage.database import db
from consent.storage.models import Consent, PatronCheck, Signing
from tests.builders.pages import fill
from tests.builders.staff import signed_in
from tests.evidence.families import CHILDREN, Stage
from tests.evidence.mortal import Line, live
from tests.evidence.results import Control, Shown

POINTS, POINTS_IN_SHORT = 20, 3
TMPFS_BYTES = 6 * 2**20
BLOCK = 4096
ENOUGH = 1_000_000
CHECKS_AT_MOST = 2_000
TAP_AGAIN = "Not saved yet. Tap again"
SAVED, NOT_SAVED = 303, 503
QUESTION = {"patrons": ["nobody"], "uses": ["photo"], "platform": "facebook"}

Full = Callable[[], AbstractContextManager[None]]


def run(*, short: bool, seed: int) -> Shown:
    """A file that may not grow, in short at a few points; else at twenty, and a full file system if one may be made."""
    failures: list[str] = []
    figures: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="r3-") as folder:
        stage = FullStage(Path(folder))
        for pages in range(0, POINTS, POINTS // POINTS_IN_SHORT if short else 1):
            told = stage.live_through(lambda pages=pages: few_pages(stage.stage, pages))
            failures += [f"{pages} pages left: {what}" for what in _faults(told)]
            figures["points where the file could not grow"] += 1
        control = stage.live_through(nullcontext)
        failures += [f"the log's disk is full: {what}" for what in _log_full(stage)]
    if not short:
        with small_file_system() as folder:
            if folder is not None:
                stage = FullStage(folder)
                for blocks in range(POINTS):
                    told = stage.live_through(lambda blocks=blocks: few_blocks(folder, blocks))
                    failures += [f"{blocks} blocks left: {what}" for what in _faults(told)]
                    figures["points where the file system was full"] += 1
    return Shown(
        "R3",
        "The disk is full: writes are answered 503 and 'not saved', none is half, what only reads is shown, a verdict "
        "that cannot be recorded is not given, with room again the same process goes on, and a full log stops nobody",
        n=figures.total(),
        failures=failures,
        control=Control("the same with room left, which is not refused", 1, int(control["family"][0] == SAVED)),
        figures=figures,
    )


class FullStage:
    """A family, somebody at the desk and another program, whose registry cannot write any more."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage(folder)
        [self.family] = self.stage.families
        self.desk: FlaskClient = signed_in(self.stage.app, Role.ADMINISTRATOR, Role.FRONT_DESK)
        self.program = fill(self.desk, "/programs/new", name="Swimming", starts="2026-07-06", ends="2026-07-31")
        with self.stage.app.app_context():
            self.token = add_token(db.session(), "scheduler", by="command-line", now=datetime.now(UTC))
        self.stage.close()
        self.stage.keep()

    def live_through(self, full: Full) -> dict[str, Any]:
        self.stage.put_back()
        [told] = live(lambda line: line(self._try(full))).told
        return told

    def _try(self, full: Full) -> dict[str, Any]:
        self.stage.app.logger.disabled = True  # each failure is logged, as it should be
        self._open()
        with full():
            while_full = self._use()
        reference = self.family.tap()
        with self.stage.app.app_context():
            session = db.session()
            return while_full | {
                "reference": reference,
                "stored": list(session.scalars(select(Signing.reference))),
                "consents": session.scalar(select(func.count(Consent.signing_id))),
                "recorded": session.scalar(select(func.count()).select_from(PatronCheck)),
                "broken": [str(finding) for finding in verify(session).findings],
            }

    def _open(self) -> None:
        """As a server has it open that has been answering for a while."""
        assert self.desk.get("/").status_code == HTTPStatus.OK
        assert self._ask() == HTTPStatus.OK

    def _use(self) -> dict[str, Any]:
        """Verdicts are asked for until one cannot be recorded, and then everybody else comes."""
        verdicts = [HTTPStatus.OK.value]
        while verdicts[-1] == HTTPStatus.OK and len(verdicts) < CHECKS_AT_MOST:
            verdicts.append(self._ask())
        family, desk = self.family.send(), self.desk.post("/programs/new", data=self.program)
        look_up = self.desk.get("/look-up?use=photo&platform=facebook&patron=yes")
        return {
            "verdicts": verdicts.count(HTTPStatus.OK),
            "last verdict": verdicts[-1],
            "family": [family.status_code, TAP_AGAIN in family.text],
            "desk": [desk.status_code, "Not saved" in desk.text],
            "look up": [look_up.status_code, "cannot check" in look_up.text.lower()],
            "home": self.desk.get("/").status_code,
        }

    def _ask(self) -> int:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.stage.app.test_client().post("/api/v1/checks", json=QUESTION, headers=headers).status_code


def few_pages(stage: Stage, pages: int) -> AbstractContextManager[None]:
    """Each connection may make the file so many pages longer, as if the disk ended there."""

    @contextmanager
    def full() -> Iterator[None]:
        _limit(stage, stage.file.stat().st_size // BLOCK + pages)
        yield
        _limit(stage, ENOUGH)

    return full()


def _limit(stage: Stage, pages: int) -> None:
    stage.close()
    with stage.app.app_context():
        for engine in db.engines.values():
            event.listen(engine, "connect", lambda opened, _: opened.execute(f"PRAGMA max_page_count = {pages}"))


@contextmanager
def few_blocks(folder: Path, blocks: int) -> Iterator[None]:
    """Another file takes what the file system has, but for so many blocks."""
    free = os.statvfs(folder)
    other = folder / "other"
    with other.open("wb") as taking:
        os.posix_fallocate(taking.fileno(), 0, max(BLOCK, (free.f_bavail - blocks) * free.f_bsize))
    yield
    other.unlink()


@contextmanager
def small_file_system() -> Iterator[Path | None]:
    """One in memory; none where this user may not mount it."""
    with tempfile.TemporaryDirectory(prefix="r3-") as folder:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_BYTES}", "tmpfs", folder]
        if subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode:
            yield None
            return
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def _log_full(stage: FullStage) -> Iterator[str]:
    """Whatever is written to standard error fails as on a full disk."""
    stage.stage.put_back()

    def sign(line: Line) -> None:
        with Path("/dev/full").open("wb") as no_room:
            os.dup2(no_room.fileno(), sys.stderr.fileno())
        stage.desk.get("/programs/nothing/edit")  # refused, which is logged
        line(stage.family.tap())

    [reference] = live(sign).told
    if not reference:
        yield "nobody could sign"


def _faults(told: dict[str, Any]) -> Iterator[str]:
    verdicts = told["verdicts"] + (told["look up"][0] == HTTPStatus.OK)
    if told["last verdict"] != NOT_SAVED or verdicts != told["recorded"]:
        yield f"{verdicts} verdicts answered, {told['recorded']} recorded, then {told['last verdict']}"
    if told["family"] != [NOT_SAVED, True]:
        yield f"the family was answered {told['family']}"
    if told["look up"] == [NOT_SAVED, False]:
        yield "whoever looked somebody up was not told that it cannot be checked"
    if told["desk"] not in ([NOT_SAVED, True], [SAVED, False]):
        yield f"the desk was answered {told['desk']}"
    if told["home"] != HTTPStatus.OK:
        yield f"the first page was answered {told['home']}"
    if not told["reference"] or told["stored"] != [told["reference"]]:
        yield "did not go on when there was room"
    if told["broken"] or told["consents"] != CHILDREN * len(told["stored"]):
        yield "half"
