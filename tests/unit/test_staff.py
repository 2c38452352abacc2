"""Is a member of staff in, invited, ended or suspended; and does an authorization to post let anybody post?"""

from datetime import UTC, date, datetime, timedelta

import pytest

from consent.domain.authorizations import AuthorizationState, Decided, authorization_state
from consent.domain.staff import INVITATION_LIVES, StaffState, Standing, staff_state

NOW = datetime(2026, 7, 1, 19, tzinfo=UTC)
TODAY = date(2026, 7, 1)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (Standing(active=True, has_entered=True), StaffState.ACTIVE),
        (Standing(active=True, has_entered=True, last_day=TODAY), StaffState.ACTIVE),
        (Standing(active=True, has_entered=True, last_day=YESTERDAY), StaffState.ENDED),
        (Standing(active=True, has_entered=False, invited_at=NOW), StaffState.INVITED),
        (Standing(active=True, has_entered=False, invited_at=NOW - INVITATION_LIVES), StaffState.LAPSED),
        (Standing(active=True, has_entered=False), StaffState.LAPSED),
        (Standing(active=True, has_entered=False, invited_at=NOW, last_day=YESTERDAY), StaffState.ENDED),
        (Standing(active=False, has_entered=True, last_day=YESTERDAY), StaffState.SUSPENDED),
    ],
)
def test_how_somebody_stands(standing: Standing, state: StaffState):
    assert staff_state(standing, now=NOW, today=TODAY) is state


@pytest.mark.parametrize(
    ("decided", "state"),
    [
        (Decided(TODAY), AuthorizationState.WAITING),
        (Decided(TODAY, refused_at=NOW), AuthorizationState.REFUSED),
        (Decided(TODAY, approved_at=NOW), AuthorizationState.IN_FORCE),
        (Decided(YESTERDAY, approved_at=NOW), AuthorizationState.ENDED),
        (Decided(TODAY, approved_at=NOW, revoked_at=NOW), AuthorizationState.REVOKED),
    ],
)
def test_only_what_was_approved_and_is_neither_over_nor_revoked_lets_anybody_post(decided, state):
    assert authorization_state(decided, today=TODAY) is state
