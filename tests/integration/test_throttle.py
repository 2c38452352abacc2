"""Does the registry count tries right, whoever else tries at the same time?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from consent.domain.throttle import HOUR, LIMITS, MINUTE, Scope
from consent.services.throttle import TooManyTries, count_try, forget, sweep_tries
from consent.services.tick import DUE
from consent.storage.database import begin_writing
from consent.storage.models import RegistryMark, TryCount
from consent.web.access import anybody
from tests.builders.sittings import engine_of

NOW = datetime(2026, 7, 1, 19, tzinfo=UTC)
PIN = Scope.KIOSK_PIN


@pytest.fixture
def engine(app: Flask) -> Engine:
    return engine_of(app)


def count(engine: Engine, key: str = "7", *, scope: Scope = PIN, now: datetime = NOW) -> timedelta | None:
    """One try, by a request of its own."""
    with Session(engine) as session:
        return count_try(session, scope, key, now=now)


def use_up(engine: Engine, key: str = "7") -> None:
    assert [count(engine, key) for _ in range(LIMITS[PIN].free)] == [None] * LIMITS[PIN].free


def test_the_sixth_try_waits_and_the_next_is_let_in_when_it_has(engine: Engine):
    use_up(engine)
    assert count(engine) == MINUTE
    assert count(engine, now=NOW + MINUTE) is None
    assert count(engine, now=NOW + MINUTE) == MINUTE


def test_a_try_that_is_refused_makes_nobody_wait_longer(engine: Engine):
    use_up(engine)
    assert [count(engine, now=NOW + timedelta(seconds=second)) for second in range(60)][-1] == timedelta(seconds=1)
    assert count(engine, now=NOW + MINUTE) is None


def test_each_key_and_each_scope_is_counted_for_itself(engine: Engine):
    use_up(engine)
    assert count(engine, "8") is None
    assert count(engine, scope=Scope.SECOND_FACTOR) is None


def test_whoever_got_it_right_begins_anew(engine: Engine, session: Session):
    use_up(engine)
    forget(session, PIN, "7")
    forget(session, PIN, "never tried")
    use_up(engine)


@pytest.mark.parametrize("before", [0, 2])
def test_twenty_at_once_are_let_through_as_often_as_twenty_in_a_row(engine: Engine, before: int):
    for _ in range(before):
        count(engine)
    together = Barrier(20)

    def try_it(_number: int) -> timedelta | None:
        together.wait()
        return count(engine)

    with ThreadPoolExecutor(20) as threads:
        waits = list(threads.map(try_it, range(20)))
    assert waits.count(None) == LIMITS[PIN].free - before


def test_counting_leaves_the_callers_own_change_alone(engine: Engine, session: Session):
    session.add(RegistryMark(name="mine", value="not yet saved"))
    assert count_try(session, PIN, "7", now=NOW) is None
    forget(session, PIN, "7")
    assert [one.name for one in session.new] == ["mine"]
    session.rollback()
    with Session(engine) as other:
        assert other.scalar(select(func.count()).select_from(RegistryMark)) == 0


def test_a_try_counted_in_the_middle_of_a_change_would_wait_for_itself_and_is_refused(session: Session):
    begin_writing(session)
    with pytest.raises(RuntimeError, match="before the change begins"):
        count_try(session, PIN, "7", now=NOW)


def test_of_a_key_only_its_hash_is_kept(engine: Engine, session: Session):
    count(engine, "zoe@city.example")
    kept = session.scalars(select(TryCount)).one()
    assert "zoe" not in str(vars(kept))


def test_what_is_typed_is_counted_whatever_it_is(engine: Engine):
    assert count(engine, "\ud800\0é") is None


def test_the_tick_forgets_what_is_old(engine: Engine, session: Session):
    count(engine, "old")
    count(engine, "new", now=NOW + 24 * HOUR)
    assert sweep_tries in DUE
    assert sweep_tries(session, NOW + 24 * HOUR) is None
    assert sweep_tries(session, NOW + 25 * HOUR) == "Forgot counts of old tries: 1."
    assert session.scalar(select(func.count()).select_from(TryCount)) == 1


def test_too_many_tries_are_said_in_plain_words_with_the_time_to_wait(app: Flask):
    def refuse() -> str:
        raise TooManyTries(timedelta(seconds=12.2))

    app.add_url_rule("/door", "door", anybody("a test asks")(refuse))
    answer = app.test_client().get("/door")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "13"
    assert "Too many tries" in answer.text
