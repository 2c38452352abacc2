"""Does the tick do what is due, and nothing twice?"""

from sqlalchemy import text

from consent.app import main
from consent.services import tick as passing_time
from consent.storage.models import ApiToken


def tick(app):
    return app.test_cli_runner().invoke(main, ["tick"])


def measured(session):
    session.rollback()
    return set(session.execute(text("SELECT tbl FROM sqlite_stat1")).scalars())


def test_on_sqlite_tables_that_filled_up_are_measured(app, session):
    if session.get_bind().dialect.name != "sqlite":
        assert "Measured" not in tick(app).stdout
        return
    app.test_cli_runner().invoke(main, ["token", "add", "archive"])
    assert tick(app).exit_code == 0
    assert ApiToken.__tablename__ in measured(session)


def test_any_number_of_ticks_leave_the_same_registry(app, session):
    tick(app)
    assert tick(app).exit_code == 0
    assert session.execute(text("SELECT count(*) FROM ledger_event")).scalar() == 0


def test_every_task_says_what_it_did_or_that_nothing_was_due(app, monkeypatch):
    monkeypatch.setattr(passing_time, "DUE", (lambda *_: "Did this.", lambda *_: None, lambda *_: "Did that."))
    assert tick(app).stdout == "Did this.\nDid that.\n"
