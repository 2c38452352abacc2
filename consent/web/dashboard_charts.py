"""How are the dashboard's numbers drawn? What each part of a bar says, and where it leads."""

from collections.abc import Sequence
from datetime import date

from babel.dates import format_skeleton
from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from consent.documents.charts import Column, Part, draw_columns, draw_patterns, draw_share
from consent.domain.dashboard import STANDINGS, Ending
from consent.services.dashboard import Covered, EndingSoon, Week
from consent.web.language import say
from consent.wording_dashboard import ENDINGS, STANDING_SIGNS
from consent.wording_dashboard import STANDINGS as STANDING_WORDS

TAKEN_BACK = "taken-back"


def patterns() -> Markup:
    """What all charts of the page are filled with."""
    return _drawn(draw_patterns([*STANDINGS, *Ending, TAKEN_BACK]))


def share(covered: Covered) -> Markup:
    """One program's people, from those who may be shown to those of whom nothing is known."""
    parts = []
    for stands in STANDINGS:
        word, count = say(STANDING_WORDS[stands]), covered.counts[stands]
        told = _("%(program)s, %(standing)s: %(count)d", program=covered.name, standing=word, count=count)
        link = url_for("dashboard.of_program", program=covered.program, standing=stands)
        parts.append(Part(stands, count, told, STANDING_SIGNS[stands], link))
    return _drawn(draw_share(covered.name, parts))


def ending_chart(bars: Sequence[EndingSoon]) -> Markup:
    columns = []
    for bar in bars:
        parts = []
        for ending in Ending:
            days = between(bar.first, bar.last)
            word, count = say(ENDINGS[ending]), bar.counts[ending]
            told = _("%(days)s, %(ending)s: %(count)d", days=days, ending=word, count=count)
            link = url_for("dashboard.ending", why=ending, first=bar.first)
            parts.append(Part(ending, count, told, link=link))
        columns.append(Column(short(bar.first), parts))
    return _drawn(draw_columns(_("Permissions that end, by day"), columns))


def withdrawals_chart(weeks: Sequence[Week], *, linked: bool) -> Markup:
    columns = []
    for week in weeks:
        told = _("Week of %(day)s: %(count)d", day=short(week.first), count=week.withdrawals)
        link = url_for("dashboard.withdrawals", week=week.first) if linked else ""
        columns.append(Column(short(week.first), [Part(TAKEN_BACK, week.withdrawals, told, link=link)]))
    return _drawn(draw_columns(_("Permissions taken back, by week"), columns))


def between(first: date, last: date) -> str:
    return f"{short(first)} – {short(last)}"


def short(day: date) -> str:
    """Day and month, where a chart has no room for the year."""
    return format_skeleton("MMMd", day, locale=get_locale())


def _drawn(drawing: str) -> Markup:
    """Made by our own drawings, which escape what is written on them."""
    return Markup(drawing)  # noqa: S704  # see above
