"""What lies in the pile at the desk? A scan of a signed paper, and what somebody reads off it."""

from io import BytesIO
from typing import Any

from flask import Flask
from PIL import Image

from consent.documents.scans import read_scan
from consent.domain.paper_forms import FormCode
from consent.domain.permissions import Role
from consent.domain.scans import Scan
from consent.domain.vocabulary import Language, Use
from consent.services.paper_entries import PaperSubmission, enter_paper
from tests.builders.desk import SOON, FrontDesk
from tests.builders.sittings import DEPARTMENT, TODAY, a_sitting
from tests.builders.staff import hire

SECOND = "second@city.example"
CODE = FormCode("media", 1, Language.ENGLISH)


def a_picture(number: int = 0, kind: str = "PNG", size: tuple[int, int] = (850, 1100), **told: Any) -> bytes:
    """Of a paper; each number has a bar of its own length on it, so that no two are the same."""
    file = BytesIO()
    picture = Image.new("RGB", size, "white")
    picture.paste("black", (100, 100, 200 + number * 4, 140))
    picture.save(file, kind, **told)
    return file.getvalue()


def a_scan(number: int = 0) -> Scan:
    return read_scan(a_picture(number))


def on_paper(key: str = "ABCD-2345", scan: Scan | None = None, **changes: Any) -> PaperSubmission:
    """Zoë's mother says yes to everything, today."""
    told: dict[str, Any] = {"code": CODE, "sitting": a_sitting(), "signed_on": TODAY, "order_seen": False}
    return PaperSubmission(key, scan=scan or a_scan(), **{**told, **changes})


class PaperDesk(FrontDesk):
    """A desk with a second person at it, who confirms what the first has entered."""

    def __init__(self, app: Flask, lines: list[dict[str, object]]) -> None:
        super().__init__(app, lines)
        self.enterer_id = hire(app, Role.FRONT_DESK, email=SECOND, name="Sol Second")

    def enter(self, submission: PaperSubmission, *, now: Any = SOON) -> str:
        """The reference of the signing."""
        with self.session() as session:
            return enter_paper(
                session,
                submission,
                staff_id=self.enterer_id,
                by=f"staff:{self.enterer_id}",
                department=DEPARTMENT,
                zone=self.zone,
                now=now,
            )


def typed(number: int = 0, answers: dict[Use, str] | None = None, **changes: Any) -> dict[str, Any]:
    """What the page of one form sends."""
    said = answers or dict.fromkeys(Use, "yes")
    return {
        "code": CODE.text,
        "signed_on": "07/01/2026",
        "first_name": "Mo",
        "last_name": "Ávila",
        "relationship": "parent",
        "first_1": "Zoë",
        "last_1": "Ávila",
        "born_1": "03042015",
        **{f"answer_1_{use.value}": answer for use, answer in said.items()},
        "scan": (BytesIO(a_picture(number)), "scan.png"),
        **changes,
    }
