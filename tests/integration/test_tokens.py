"""Do other systems get a key that is shown once, and can it be taken away?"""

import hashlib
import json

from sqlalchemy import select

from consent.app import main
from consent.storage.models import ApiToken, LedgerEvent, SealedContent


def consent(app, *typed):
    return app.test_cli_runner().invoke(main, typed)


def events(session):
    kept = select(LedgerEvent.kind, LedgerEvent.actor, SealedContent.canonical).join(SealedContent)
    return [
        (kind, actor, json.loads(canonical)) for kind, actor, canonical in session.execute(kept.order_by("position"))
    ]


def test_a_token_is_printed_alone_on_the_last_line_and_only_its_hash_is_kept(app, session):
    made = consent(app, "token", "add", "Scheduler of posts")

    assert made.exit_code == 0
    token = made.stdout.splitlines()[-1]
    assert len(token) >= 43  # 256 bits
    [kept] = session.scalars(select(ApiToken))
    assert (kept.name, kept.token_sha256) == ("Scheduler of posts", hashlib.sha256(token.encode()).hexdigest())
    assert events(session) == [("token-added", "command-line", {"name": "Scheduler of posts"})]


def test_two_tokens_are_never_the_same(app):
    assert consent(app, "token", "add", "one").stdout != consent(app, "token", "add", "two").stdout


def test_a_name_that_is_taken_is_refused_and_nothing_changes(app, session):
    consent(app, "token", "add", "archive")
    again = consent(app, "token", "add", " archive ")

    assert (again.exit_code, again.stdout) == (1, "")
    assert "already called 'archive'" in again.stderr
    assert len(session.scalars(select(ApiToken)).all()) == len(events(session)) == 1


def test_a_token_needs_a_name_of_one_line(app, session):
    for name in ("", "  ", "x" * 129, "two\nlines"):
        refused = consent(app, "token", "add", name)
        assert (refused.exit_code, refused.stdout) == (1, ""), name
        assert "1 to 128 characters" in refused.stderr
    assert consent(app, "token", "add").exit_code == 2
    assert events(session) == []


def test_a_revoked_token_stays_on_the_list_and_is_revoked_once(app, session):
    consent(app, "token", "add", "old scheduler")
    assert consent(app, "token", "revoke", "old scheduler").exit_code == 0

    [kept] = session.scalars(select(ApiToken))
    assert kept.revoked_at is not None
    assert "revoked" in consent(app, "token", "list").stdout
    assert [event[0] for event in events(session)] == ["token-added", "token-revoked"]
    again = consent(app, "token", "revoke", "old scheduler")
    assert (again.exit_code, again.stderr.startswith("Error: No token in use is called")) == (1, True)
    assert consent(app, "token", "add", "old scheduler").exit_code == 1


def test_the_list_never_shows_a_key(app):
    token = consent(app, "token", "add", "archive").stdout.strip()
    listed = consent(app, "token", "list").stdout
    assert "archive" in listed
    assert "in use" in listed
    assert token not in listed
    assert hashlib.sha256(token.encode()).hexdigest() not in listed
