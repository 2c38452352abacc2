"""What goes into an employee's file who acknowledged the policy? One page: which version, who, and when."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from babel.dates import format_date, format_datetime

from consent.documents.letter import LETTER, draw_demo_mark
from consent.documents.paper_forms_parts import Gap, Lines, Part, paginate
from consent.documents.runs import tidy
from consent.documents.tagging import Paper
from consent.domain.policy import Acknowledged
from consent.wording import _, say

TITLE: Final = _("Acknowledgement of policy %(number)s")
VERSION: Final = _("Version %(version)s, in force from %(day)s")
STATEMENT: Final = _(
    "I have been given this version of the policy, I have read it, and I know that I have to keep to it."
)
KEPT: Final = _("Where the policy is kept: %(reference)s")
WHO: Final = _("Member of staff: %(name)s")
SIGNED: Final = _("Signed by typing the name: %(name)s")
WHEN: Final = _("Signed on %(when)s, signed in to the registry as oneself")
SEAL: Final = _("The words of the policy as they were shown have this SHA-256: %(sha256)s")


def draw_acknowledgement(signed: Acknowledged) -> bytes:
    """A tagged Letter page, in the language in which it was read."""
    title = tidy(say(TITLE, signed.language, number=signed.number))
    paper = Paper(LETTER, title=title, language=signed.language, author=tidy(signed.department))
    for placed in paginate(list(_parts(signed))):
        if signed.demo:
            draw_demo_mark(paper, signed.language)
        for part, top in placed:
            part.draw(paper, top)
        paper.showPage()
    return paper.finished()


def _parts(signed: Acknowledged) -> Iterator[Part]:
    told, locale = partial(say, language=signed.language), signed.language.value
    day = format_date(signed.in_force_from, "long", locale=locale)
    when = tidy(format_datetime(signed.at, "long", locale=locale))
    yield Lines("P", tidy(signed.department), 11)
    yield Lines("H1", told(TITLE, number=signed.number), 18, bold=True)
    yield Lines("P", told(VERSION, version=signed.version, day=day), 12, bold=True)
    yield Lines("P", told(KEPT, reference=signed.reference))
    yield Gap(10)
    yield Lines("P", told(STATEMENT), 12)
    yield Gap(10)
    yield Lines("P", told(WHO, name=signed.name), 12)
    yield Lines("P", told(SIGNED, name=signed.signed_as), 12, bold=True)
    yield Lines("P", told(WHEN, when=when), 12)
    yield Gap(10)
    yield Lines("P", told(SEAL, sha256=signed.text_sha256), 8.5)
