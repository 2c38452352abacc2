"""Does every route of the running application open for whom the table says, and for nobody else?"""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from consent.web.access import RULES, for_anybody
from tests.builders.access_table import ANYBODY, OF_ONES_OWN, TABLE, expected, groups
from tests.builders.walk import END_THE_SESSION, Walk, Who

METHODS = ("GET", "POST", "HEAD", "OPTIONS")
ASKS_EVERY_WAY = {Who.NOBODY, Who.POSTER}
LET_IN = {200, 204, 302, 303, 405, 409, 422}
"""Behind an open door a form may lack something, or be sent twice."""
FOR_ANYBODY = LET_IN | {404, 429, "sign in"}
"""A one-time address may be none, or be tried too often by so many walkers; whoever signs out is asked to sign in."""


def routes(app: Flask) -> list[tuple[str, Rule]]:
    """Every method of every route, but those that only tell about another one; signing out comes last."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule in END_THE_SESSION, rule.rule))
    return [(method, rule) for rule in rules for method in METHODS if method in rule.methods]


def surprises(walk: Walk, who: Who) -> list[str]:
    """Whatever this person's walk finds that is not as the table says."""
    known, found = groups(), []
    for method, rule in routes(walk.app):
        if method not in {"GET", "POST"} and who not in ASKS_EVERY_WAY:
            continue
        asked = method if method in {"GET", "POST"} else "GET" if "GET" in rule.methods else "POST"
        group = known[asked, rule.rule]
        became, refusal = walk.ask(who, rule, method), expected(group, rule.rule, who)
        if method == "OPTIONS" and rule.rule in OF_ONES_OWN and refusal == 404:
            refusal = None  # which methods a page takes is told whatever it is about
        opened = became in (FOR_ANYBODY if TABLE[group][0] is ANYBODY else LET_IN)
        if (became != refusal) if refusal else not opened:
            found.append(f"{method} {rule.rule}: {became}, expected {refusal or 'to be let in'}")
    return found


def test_every_route_stands_in_the_table_and_every_line_of_it_is_a_route(walk: Walk):
    live = {(method, rule.rule) for method, rule in routes(walk.app) if method in {"GET", "POST"}}
    assert live == groups().keys()


def test_no_route_takes_a_method_that_nobody_looks_at(walk: Walk):
    assert {method for rule in walk.app.url_map.iter_rules() for method in rule.methods} <= set(METHODS)


@pytest.mark.parametrize("who", Who)
def test_each_route_opens_for_whom_the_table_says(walk: Walk, who: Who):
    assert surprises(walk, who) == []


def test_a_route_that_loses_its_guard_is_noticed(walk: Walk, monkeypatch: pytest.MonkeyPatch):
    """The walk is tested itself: every guard of staff and kiosks is taken away, and every route is named."""
    guarded = {
        f"{method} {rule.rule}": rule.endpoint
        for method, rule in routes(walk.app)
        if method == "GET" and TABLE[groups()[method, rule.rule]][0] is not ANYBODY
    }
    assert len(guarded) > 30
    open_to_all = dict.fromkeys(guarded.values(), for_anybody("a guard was taken away"))
    # Behind their guards pages ask who is signed in, which nobody here is.
    walk.app.view_functions, views = (
        dict.fromkeys(walk.app.view_functions, lambda **_: "opened"),
        walk.app.view_functions,
    )
    monkeypatch.setitem(walk.app.extensions, RULES, walk.app.extensions[RULES] | open_to_all)
    found = surprises(walk, Who.NOBODY)
    walk.app.view_functions = views
    assert guarded.keys() <= {surprise.rpartition(":")[0] for surprise in found}
