"""A registry small enough to know by heart: one person for each thing that a test wants to see."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from consent.domain.vocabulary import Use

NOW = datetime.now(UTC).replace(microsecond=0)
EVERY_USE = [use.value for use in Use]
HOLD_REASON = "Order of the juvenile court"


def ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat()


def born(years: int) -> str:
    """Somebody who had that birthday ten days ago, and never on 29 February."""
    day = (NOW - timedelta(days=10)).date()
    return date(day.year - years, day.month, min(day.day, 28)).isoformat()


def consent(number: str, patron: str, **changes: Any) -> dict[str, Any]:
    """A good yes to everything, by the patron's mother."""
    return {
        "type": "consent", "id": number, "patron": patron, "signer": f"mother-of-{patron}", "signed_at": ago(30),
        "witnessed_at": ago(30), "answers": dict.fromkeys(EVERY_USE, "yes"), "platforms": "all", "programs": "all",
        "expires_at": ago(-335), "form": "media", "version": 1, "language": "en",
    } | changes  # fmt: skip


def person(number: str, first_name: str, last_name: str, years: int = 9, **changes: Any) -> list[dict[str, Any]]:
    """A patron with a mother who may sign."""
    name = {"first_name": first_name, "last_name": last_name}
    mother = f"mother-of-{number}"
    return [
        {"type": "patron", "id": number, **name, "born": born(years)} | changes,
        {"type": "guardian", "id": mother, "first_name": "Maria", "last_name": last_name},
        {"type": "guardianship", "guardian": mother, "patron": number, "relationship": "parent", "since": ago(3000)},
    ]


def lines() -> list[dict[str, Any]]:
    tomorrow, yesterday = NOW.date() + timedelta(days=1), NOW.date() - timedelta(days=1)
    return [
        {"type": "platform", "id": "facebook", "name": "Facebook", "approved_from": ago(900)},
        {"type": "platform", "id": "instagram", "name": "Instagram", "approved_from": ago(900)},
        {"type": "platform", "id": "myspace", "name": "Myspace", "approved_from": ago(900), "approved_until": ago(90)},
        {"type": "program", "id": "camp", "name": "Summer Camp", "starts": str(yesterday), "ends": str(tomorrow)},
        {"type": "program", "id": "swim", "name": "Learn to Swim", "starts": str(yesterday), "ends": str(tomorrow)},
        {
            "type": "form", "id": "media", "version": 1, "uses": EVERY_USE, "published_at": ago(900),
            "title": {"en": "Media permission", "es": "Permiso de medios"},
            "body": {"en": "I permit it.", "es": "Lo permito."},
        },
        *person("yes", "Ada", "Okafor", handles={"instagram": "@ada.okafor", "facebook": "ada.okafor.92"}),
        consent("C-yes", "yes"),
        *person("limits", "Bruno", "García-Márquez"),
        consent("C-limits", "limits", platforms=["facebook"]),
        *person("no", "Carla", "O'Brien"),
        consent("C-no", "no", answers=dict.fromkeys(EVERY_USE, "no")),
        *person("not-known", "Dmitri", "Łukasiewicz"),
        *person("held", "Elsa", "Lindqvist"),
        consent("C-held", "held"),
        {"type": "hold", "id": "H-1", "patron": "held", "since": ago(5), "reason": HOLD_REASON},
        *person("withdrew", "Farid", "Haddad"),
        consent("C-withdrew", "withdrew"),
        {
            "type": "withdrawal", "id": "W-1", "patron": "withdrew", "signer": "mother-of-withdrew",
            "at": ago(2), "uses": "all",
        },
        *person("unwitnessed", "Grace", "Nguyen"),
        consent("C-unwitnessed", "unwitnessed", witnessed_at=None),
        *person("twin-1", "Ines", "Romero", years=8),
        *person("twin-2", "Iris", "Romero", years=8),
        *person("same-1", "Jordan", "Smith", years=7),
        *person("same-2", "Jordan", "Smith", years=11),
        *person("no-video", "Kenji", "王小明"),
        consent("C-no-video", "no-video", answers={"video": "yes", "record": "no", "photo": "yes"}),
        {"type": "enrollment", "patron": "yes", "program": "camp"},
        {"type": "enrollment", "patron": "same-1", "program": "camp"},
        {"type": "enrollment", "patron": "same-2", "program": "swim"},
        {"type": "enrollment", "patron": "held", "program": "swim"},
    ]  # fmt: skip
