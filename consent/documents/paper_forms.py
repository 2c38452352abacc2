"""What does the blank form print? Whole Letter pages in black and white: lines to write on, boxes to tick, one code."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from babel.dates import format_date

from consent.documents.letter import LETTER, draw_demo_mark
from consent.documents.lettering import draw_line, width_of
from consent.documents.paper_forms_parts import (
    BOTTOM,
    LEFT,
    RIGHT,
    SMALL,
    Answers,
    Blank,
    Box,
    Desk,
    Gap,
    Lines,
    Part,
    paginate,
)
from consent.documents.qr import QUIET_ZONE, draw_qr, qr_matrix, quiet_zone
from consent.documents.runs import tidy
from consent.documents.tagging import Paper, in_words
from consent.domain.form_sheets import ITEM, Section
from consent.domain.paper_forms import MOST_ON_PAPER, BlankForm, FormState
from consent.domain.vocabulary import Channel, Relationship
from consent.wording import CHANNELS, RELATIONSHIPS, USE_MEANINGS, USES, _, say

CODE_SIDE: Final = 84.0
"""Its quiet zone included."""
CODE_TOP: Final = 770.0

STATES: Final = {
    FormState.RETIRED: _("RETIRED on %(day)s: a newer version took its place. Do not hand this one out."),
    FormState.WITHDRAWN: _("WITHDRAWN on %(day)s: what is signed on it allows nothing. Do not hand this one out."),
}
WHO_SIGNS: Final = _("Who signs")
FIRST_NAME: Final = _("First name")
LAST_NAME: Final = _("Last name")
EMAIL: Final = _("Email (if you like)")
I_AM: Final = _("What you are to the people below. Tick one:")
MYSELF: Final = _("I sign for myself")
WHO_IS_SHOWN: Final = _("Who this is about")
BORN: Final = _("Born (month / day / year)")
ANSWERS: Final = _("Your answers")
HOW_TO_ANSWER: Final = _(
    "Tick YES or NO on each line, for each person. An answer that you do not give is a no. A yes to a post of a video "
    "also needs a yes to being recorded."
)
PERSON: Final = _("Person %(number)s")
YES: Final = _("YES")
NO: Final = _("NO")
LIMITS: Final = _("Limits on a yes (leave empty for none)")
ONLY_ON: Final = _("Only on these platforms:")
ALL_PLATFORMS: Final = _("With no box ticked: on all that the department has approved on the day you sign.")
ONLY_FOR: Final = _("Only for this program or event (name and dates)")
WHOSE: Final = _("On whose accounts: %(accounts)s. Tick to add:")
ACCOUNTS: Final = _("Account names, if you said yes to tagging, friends or following:")
NAME: Final = _("Your name in letters")
SIGN_HERE: Final = _("Your signature")
DATE: Final = _("Date (month / day / year)")
FOR_DESK: Final = _("For the front desk")
DESK_LINES: Final = (_("Taken in by"), _("Date"), _("Reference number"))
DESK_BOXES: Final = (_("Order or power of attorney seen"), _("Scanned"))
FORM_CODE: Final = _("QR code of this form: %(code)s")
FOOTER: Final = _("%(code)s · page %(page)s of %(pages)s")


def draw_paper_form(form: BlankForm) -> bytes:
    """The blank form as a tagged PDF in its language."""
    title = tidy(f"{form.title} ({form.code.text})")
    paper = Paper(LETTER, title=title, language=form.code.language, author=tidy(form.department))
    pages = paginate(list(_Form(form).parts()))
    for number, placed in enumerate(pages, 1):
        if form.demo:
            draw_demo_mark(paper, form.code.language)
        for part, top in placed:
            part.draw(paper, top)
        _draw_code(paper, form)
        footer = say(FOOTER, form.code.language, code=form.code.text, page=number, pages=len(pages))
        with paper.artifact():
            draw_line(paper, RIGHT - width_of(footer, SMALL), BOTTOM - 22, footer, SMALL)
        paper.showPage()
    return paper.finished()


def _draw_code(paper: Paper, form: BlankForm) -> None:
    """In the corner of each page, so that a page alone still says what it is of."""
    matrix = qr_matrix(form.code.text)
    side = CODE_SIDE * len(matrix) / (len(matrix) + 2 * QUIET_ZONE)
    quiet = quiet_zone(matrix, side)
    with paper.content("Figure", in_words(say(FORM_CODE, form.code.language, code=form.code.text))):
        draw_qr(paper, matrix, RIGHT - side, CODE_TOP - side - quiet, side)


class _Form:
    """What stands on one form, from the top down."""

    def __init__(self, form: BlankForm) -> None:
        self.form = form
        self.say = partial(say, language=form.code.language)

    def parts(self) -> Iterator[Part]:
        yield from self._head()
        yield from self._signer()
        yield from self._people()
        yield from self._answers()
        yield from self._limits()
        for section in self.form.terms:
            yield from self._section(section)
        yield from self._signature()
        yield Gap(8)
        yield Desk(
            self.say(FOR_DESK), tuple(self.say(line) for line in DESK_LINES), tuple(self.say(box) for box in DESK_BOXES)
        )

    def _head(self) -> Iterator[Part]:
        form, code = self.form, self.form.code
        beside_code = RIGHT - LEFT - CODE_SIDE - 6
        if form.state is not FormState.IN_USE and form.ended_on:
            day = format_date(form.ended_on, "long", locale=code.language.value)
            yield Lines("P", self.say(STATES[form.state], day=day), 12, bold=True, width=beside_code)
        yield Lines("H1", form.title, 16, bold=True, width=beside_code)
        yield Lines("P", code.text, 10, bold=True, width=beside_code)
        for line in form.this_form.lines:
            yield Lines("P", line, width=beside_code)

    def _signer(self) -> Iterator[Part]:
        yield self._heading(WHO_SIGNS)
        yield Blank((self.say(FIRST_NAME), self.say(LAST_NAME)))
        yield Lines("P", self.say(I_AM))
        who = [RELATIONSHIPS[one] for one in Relationship]
        yield Box(tuple(self.say(one) for one in (*who, MYSELF)))
        yield Blank((self.say(EMAIL),))

    def _people(self) -> Iterator[Part]:
        yield self._heading(WHO_IS_SHOWN)
        for number in range(1, MOST_ON_PAPER + 1):
            names = f"{number}. {self.say(FIRST_NAME)}", self.say(LAST_NAME)
            yield Blank((*names, self.say(BORN)))

    def _answers(self) -> Iterator[Part]:
        yield self._heading(ANSWERS)
        yield Lines("P", self.say(HOW_TO_ANSWER))
        rows = tuple((self.say(USES[use]), self.say(USE_MEANINGS[use])) for use in self.form.uses)
        columns = tuple(self.say(PERSON, number=number) for number in range(1, MOST_ON_PAPER + 1))
        yield Answers(rows, columns, (self.say(YES), self.say(NO)), self.say(ANSWERS))

    def _limits(self) -> Iterator[Part]:
        yield self._heading(LIMITS)
        department = self.say(CHANNELS[Channel.DEPARTMENT])
        yield Lines("P", self.say(WHOSE, accounts=department), keeps=True)
        yield Box((self.say(CHANNELS[Channel.PERSONAL]),))
        if self.form.platforms:
            yield Lines("P", f"{self.say(ONLY_ON)} {self.say(ALL_PLATFORMS)}", keeps=True)
            yield Box(tuple(tidy(name) for name in self.form.platforms.values()))
        yield Blank((self.say(ONLY_FOR),))
        yield Lines("P", self.say(ACCOUNTS))
        yield Blank(tuple(self.say(PERSON, number=number) for number in range(1, MOST_ON_PAPER + 1)))

    def _signature(self) -> Iterator[Part]:
        yield Gap(6)
        yield Blank((self.say(NAME), self.say(DATE)), rise=26)
        yield Blank((self.say(SIGN_HERE),), rise=40)

    def _section(self, section: Section) -> Iterator[Part]:
        yield self._heading(section.heading)
        for line in section.lines:
            yield Lines("P", line.removeprefix(ITEM), item=line.startswith(ITEM))

    def _heading(self, text: str) -> Lines:
        return Lines("H2", self.say(text), 11.5, bold=True, before=7, keeps=True)
