"""What stands on a platform that should not, and how far is its correction? (policy 6.5, II.e)"""

from enum import StrEnum


class ReportStep(StrEnum):
    """What was done about it. Whatever turns out to be right is closed without being corrected."""

    CLOSED = "closed"
    CORRECTED = "corrected"


class ReportState(StrEnum):
    ASSIGNED = "assigned"
    CLOSED = "closed"
    CORRECTED = "corrected"
    REPORTED = "reported"


def report_state(*, assigned: bool, corrected: bool, closed: bool) -> ReportState:
    if closed:
        return ReportState.CLOSED
    if corrected:
        return ReportState.CORRECTED
    return ReportState.ASSIGNED if assigned else ReportState.REPORTED
