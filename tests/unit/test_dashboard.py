"""Is a roster decided at once what each use is decided alone, and does a chart say what it was given?"""

import re
from datetime import timedelta
from random import Random

import pytest

from consent.documents.charts import Column, Part, draw_columns, draw_patterns, draw_share
from consent.domain.dashboard import foreseen, monday
from consent.domain.decision import decide, decide_through
from consent.domain.facts import Facts, Hold
from consent.domain.rosters import ROSTER_USES, answers_through
from consent.domain.vocabulary import Answer, Use
from tests.builders.facts import NOW, a_yes, ask, facts, on
from tests.builders.histories import a_history


def test_what_is_decided_for_all_uses_at_once_is_what_each_is_decided_alone():
    """Instants that collide, platforms that come and go, and two uses in three answered alike."""
    random = Random(6)  # noqa: S311  # the same histories each time, no secrets
    for _ in range(1500):
        told, question = a_history(random)
        question = question._replace(platform=None)
        if random.randrange(2):
            told = _alike(told)
        for days in (0, 1, 6):
            until = question.at + timedelta(days=days)
            for use, verdict in answers_through(told, question, until=until).items():
                alone = decide_through(told, question._replace(use=use.value), until=until)
                assert (use, verdict) == (use, alone)


def _alike(told: Facts) -> Facts:
    """Whoever signed gave one answer to everything."""
    consents = [
        consent._replace(answers=dict.fromkeys(ROSTER_USES, next(iter(consent.answers.values()), Answer.YES)))
        for consent in told.consents
    ]
    return Facts(
        told.patron, told.zone, told.guardianships, tuple(consents), told.withdrawals, told.holds, told.platforms
    )


def test_a_hold_of_today_stays_in_a_forecast_and_one_of_another_day_is_left_out():
    ahead, over = Hold(on("2026-10-01")), Hold(on("2026-01-01"), on("2026-02-01"))
    now = Hold(on("2026-09-01"), on("2026-10-01"))
    assert foreseen(facts(a_yes()), now=NOW).holds == ()
    assert foreseen(facts(a_yes(), ahead, over), now=NOW).holds == ()
    stays = foreseen(facts(a_yes(), ahead, now), now=NOW)
    assert not decide(stays, ask(Use.PHOTO, at=on("2026-12-01"))).allowed


@pytest.mark.parametrize("day", range(14, 21))
def test_a_week_begins_on_its_monday(day: int):
    assert monday(on(f"2026-09-{day}").date()) == on("2026-09-14").date()


PARTS = (Part("yes", 3, "Camp & Co, yes: 3", "✓", "/yes"), Part("no", 1, 'Camp "<b>", no: 1', "✕", "/no?a=1&b=2"))


def test_each_part_of_a_bar_is_as_wide_as_its_share_and_leads_to_its_list():
    drawn = draw_share("Camp & Co", [*PARTS, Part("limits", 0, "none", "△", "/limits")])
    assert re.findall(
        r'<rect class="chart-part chart-part--(\w+)" [^>]*x="([\d.]+)%"[^>]* width="([\d.]+)%"', drawn
    ) == [
        ("yes", "0.000", "75.000"),
        ("no", "75.000", "25.000"),
    ]
    assert re.findall(r'href="([^"]+)"', drawn) == ["/yes", "/no?a=1&amp;b=2"]
    assert ("✓ 3" in drawn, "&lt;b&gt;" in drawn, "<b>" in drawn, "style" in drawn) == (True, True, False, False)


def test_the_highest_column_fills_the_room_and_an_empty_one_says_nought():
    columns = [Column("Jul 1", [Part("lapses", 4, "4", link="/4"), Part("comes-of-age", 4, "4")]), Column("Jul 11", [])]
    drawn = draw_columns("Ends", columns)
    assert re.findall(r'y="([\d.]+)" width="[\d.]+%" height="([\d.]+)"', drawn) == [
        ("80.00", "60.00"),
        ("20.00", "60.00"),
    ]
    assert re.findall(r'chart-count" [^>]*>(\d+)<', drawn) == ["8", "0"]
    assert drawn.count("<a ") == 1
    assert "<rect" not in draw_columns("Ends", [Column("Jul 1", [])])


def test_a_pattern_is_named_after_its_kind():
    assert re.findall(r'id="([^"]+)"', draw_patterns(["yes", "no"])) == ["chart-yes", "chart-no"]
