"""What may be posted without a doubt? A test breaks one thing of it, or everything.

At noon on 15 September 2026 Ana, trained and authorized, posts on the department's Instagram a photo and a film that
she made that morning at camp, of two children whose mothers said yes to everything.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from consent.domain.authorizations import AccessLevel
from consent.domain.facts import Facts
from consent.domain.gate_facts import (
    Account,
    Acknowledgement,
    Asked,
    Authorization,
    Capture,
    ChecklistItem,
    GateFacts,
    PolicyVersion,
    RecordingAuthorization,
    Training,
)
from consent.domain.vocabulary import Media, Use
from tests.builders.facts import BOTH_CHANNELS, LONG_APPROVED, NOW, THIS_MORNING, a_yes, facts, on

LONG_AGO: Final = on("2026-01-05")
OUT_OF_DATE: Final = {"since": on("2025-01-01"), "until": on("2025-12-31")}
EVERYTHING: Final = frozenset(ChecklistItem)
ACCOUNT: Final = "city-on-instagram"
HER_OWN: Final = "ana-on-instagram"
DEVICE: Final = "camera 4"

FILM: Final = Capture(Media.MOVING, THIS_MORNING, "ana", DEVICE)
PHOTO: Final = Capture(Media.STILL, THIS_MORNING, "ana", DEVICE)
AUTHORIZED: Final = Authorization("ana", "instagram", AccessLevel.POST, LONG_AGO)
TRAINED: Final = Training("ana", LONG_AGO, on("2027-01-05"))
ACKNOWLEDGED: Final = Acknowledgement("ana", "2020-12-09", LONG_AGO)
MAY_RECORD: Final = RecordingAuthorization(
    "boss", "ana", DEVICE, frozenset({Media.STILL, Media.MOVING}), LONG_AGO, on("2026-09-15"), on("2026-09-16"), "camp"
)


def a_child(*things: Any) -> Facts:
    return facts(*(things or (a_yes(channels=BOTH_CHANNELS),)))


def gate_facts(**changes: Any) -> GateFacts:
    given: dict[str, Any] = {
        "platforms": LONG_APPROVED,
        "accounts": {ACCOUNT: Account("instagram", LONG_AGO), HER_OWN: Account("instagram", LONG_AGO, owner="ana")},
        "authorizations": (AUTHORIZED,),
        "trainings": (TRAINED,),
        "policy_versions": (PolicyVersion("2018-09-05", on("2018-09-05")), PolicyVersion("2020-12-09", LONG_AGO)),
        "acknowledgements": (ACKNOWLEDGED,),
        "recordings": (MAY_RECORD,),
        "people": {"ada": a_child(), "ben": a_child()},
    }
    return GateFacts(**(given | changes))


def asked(**changes: Any) -> Asked:
    given: dict[str, Any] = {
        "staff": "ana",
        "platform": "instagram",
        "account": ACCOUNT,
        "at": NOW,
        "people": frozenset({"ada", "ben"}),
        "headcount": 2,
        "uses": frozenset({Use.PHOTO}),
        "captures": (PHOTO, FILM),
        "planned_at": NOW + timedelta(hours=2),
        "program": "camp",
        "checklist": EVERYTHING,
    }
    return Asked(**(given | changes))


def of_account(account: Account, **changes: Any) -> GateFacts:
    """The same, but that is the account it is posted from."""
    return replace(gate_facts(**changes), accounts={ACCOUNT: account})
