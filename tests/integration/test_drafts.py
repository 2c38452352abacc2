"""Does what a family typed stay for ten minutes, at this kiosk and in this browser only, and then go for good?"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consent.app import main
from consent.domain.vocabulary import Language
from consent.services.drafts import (
    LIVES,
    DraftGone,
    drop_draft,
    open_draft,
    read_draft,
    save_draft,
    sweep_drafts,
    touch_draft,
)
from consent.storage.models import KioskDraft
from tests.builders.sittings import NOW, Kiosk

TYPED = {"signer": {"first_name": "Mo"}, "patrons": []}
ALMOST = LIVES - timedelta(microseconds=1)


@pytest.fixture
def kiosk(app):
    return Kiosk(app).id


@pytest.fixture
def token(session, kiosk):
    return open_draft(session, kiosk_id=kiosk, language=Language.ENGLISH, now=NOW)


def read(session, token, kiosk, *, after=timedelta()):
    return read_draft(session, token, kiosk_id=kiosk, now=NOW + after)


def save(session, token, kiosk, *, after=timedelta()):
    save_draft(session, token, TYPED, kiosk_id=kiosk, language=Language.SPANISH, now=NOW + after)


def kept(session):
    session.rollback()
    return session.scalars(select(KioskDraft)).all()


def test_what_was_typed_is_there_on_the_next_page(session, token, kiosk):
    assert read(session, token, kiosk).content == {}
    save(session, token, kiosk)
    draft = read(session, token, kiosk)
    assert (draft.content, draft.language) == (TYPED, Language.SPANISH)


def test_each_family_has_a_key_and_a_link_of_its_own_from_the_start_to_the_end(session, token, kiosk):
    other = open_draft(session, kiosk_id=kiosk, language=Language.ENGLISH, now=NOW)
    first = read(session, token, kiosk)
    save(session, token, kiosk)
    later, another = read(session, token, kiosk), read(session, other, kiosk)
    assert (first.idempotency_key, first.copy_token) == (later.idempotency_key, later.copy_token)
    secrets = {token, other, first.idempotency_key, first.copy_token, another.idempotency_key, another.copy_token}
    assert len(secrets) == 6


def test_nothing_that_is_kept_opens_the_draft_or_the_copy(session, token, kiosk):
    copy_token = read(session, token, kiosk).copy_token
    [row] = kept(session)
    values = {str(getattr(row, column.name)) for column in KioskDraft.__table__.columns}
    assert values.isdisjoint({token, copy_token})


def test_another_browser_or_another_kiosk_reads_nothing(session, token, kiosk):
    assert read(session, "guess", kiosk) is None
    assert read(session, "\ud800", kiosk) is None
    assert read(session, token, kiosk + 1) is None
    with pytest.raises(DraftGone):
        save(session, token, kiosk + 1)
    assert read(session, token, kiosk)


def test_ten_minutes_after_the_last_touch_it_is_gone_for_good(session, token, kiosk):
    save(session, token, kiosk, after=ALMOST)
    assert read(session, token, kiosk, after=2 * ALMOST)
    assert read(session, token, kiosk, after=ALMOST + LIVES) is None
    assert kept(session) == []


def test_more_time_can_be_had_any_number_of_times(session, token, kiosk):
    for times in range(1, 13):
        touch_draft(session, token, kiosk_id=kiosk, now=NOW + times * ALMOST)
    assert read(session, token, kiosk, after=13 * ALMOST)


def test_nothing_is_saved_that_is_gone_already(session, token, kiosk):
    with pytest.raises(DraftGone):
        save(session, token, kiosk, after=LIVES)
    with pytest.raises(DraftGone):
        touch_draft(session, token, kiosk_id=kiosk, now=NOW + LIVES)


def test_a_clock_that_was_set_back_loses_nothing(session, token, kiosk):
    save(session, token, kiosk, after=-timedelta(hours=1))
    touch_draft(session, token, kiosk_id=kiosk, now=NOW - timedelta(hours=1))
    assert read(session, token, kiosk).content == TYPED


def test_leaving_drops_it_and_leaving_twice_is_no_mistake(session, token, kiosk):
    for _ in range(2):
        drop_draft(session, token, kiosk_id=kiosk)
        assert kept(session) == []


@pytest.mark.usefixtures("token")
def test_the_tick_sweeps_what_was_left_behind_and_nothing_else(app, session, kiosk):
    fresh = open_draft(session, kiosk_id=kiosk, language=Language.ENGLISH, now=NOW + LIVES / 2)
    assert sweep_drafts(session, NOW) is None
    assert sweep_drafts(session, NOW + LIVES) == "Deleted drafts left behind at kiosks: 1."
    assert read(session, fresh, kiosk, after=LIVES)
    assert "Deleted drafts left behind at kiosks: 1." in app.test_cli_runner().invoke(main, ["tick"]).stdout
