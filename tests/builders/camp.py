"""What does a small summer camp look like? Four people, one of each part of a roster and one whom nobody asked."""

import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from flask import Flask

from consent.domain.vocabulary import Use
from consent.services.exchange.importing import import_file
from consent.storage.database import db

NOW = datetime(2026, 7, 1, 19, tzinfo=UTC)
"""Noon in Phoenix, in the middle of the camp."""
CAMP = "camp-2026"

ALL_YES = {use.value: "yes" for use in Use}
SINCE = "2020-01-01T00:00:00Z"
FORM = {
    "type": "form",
    "id": "media",
    "version": 1,
    "uses": [use.value for use in Use],
    "title": {"en": "Media form", "es": "Formulario de medios"},
    "body": {"en": "You choose.", "es": "Usted elige."},
    "published_at": SINCE,
}
FACEBOOK = {"type": "platform", "id": "facebook", "name": "Facebook", "approved_from": SINCE}
PROGRAM = {"type": "program", "id": CAMP, "name": "Camp 2026", "starts": "2026-06-01", "ends": "2026-08-01"}


def a_person(key: str, first_name: str, last_name: str, **changes: object) -> list[dict[str, object]]:
    """A child of eleven with a mother, in the camp."""
    patron = {"type": "patron", "id": key, "first_name": first_name, "last_name": last_name, "born": "2015-03-04"}
    return [
        patron | changes,
        {"type": "guardian", "id": f"G-{key}", "first_name": "Mo", "last_name": last_name},
        {"type": "guardianship", "guardian": f"G-{key}", "patron": key, "relationship": "parent", "since": SINCE},
        {"type": "enrollment", "patron": key, "program": CAMP},
    ]


def a_consent(key: str, **changes: object) -> dict[str, object]:
    """The mother's yes to everything, everywhere, witnessed, until the end of the year."""
    consent = {
        "type": "consent",
        "id": f"C-{key}",
        "patron": key,
        "signer": f"G-{key}",
        "signed_at": "2026-05-01T10:00:00Z",
        "witnessed_at": "2026-05-01T10:05:00Z",
        "answers": ALL_YES,
        "platforms": "all",
        "programs": "all",
        "expires_at": "2027-01-01T07:00:00Z",
        "form": "media",
        "version": 1,
        "language": "en",
    }
    return consent | changes


def a_camp() -> list[dict[str, object]]:
    return [
        FORM,
        FACEBOOK,
        PROGRAM,
        *a_person("P-ok", "Zoë", "Ávila"),
        a_consent("P-ok"),
        *a_person("P-limits", "Ben", "Avilla"),
        a_consent("P-limits", answers=ALL_YES | {"tag": "no"}),
        *a_person("P-no", "Ana", "Zapata"),
        a_consent("P-no", answers=dict.fromkeys(ALL_YES, "no")),
        *a_person("P-unasked", "Cy", "Öz"),
    ]


def keep(app: Flask, records: Iterable[dict[str, object]], *, now: datetime = NOW) -> None:
    """Put these on record through the real import."""
    lines = "\n".join(json.dumps(record) for record in records).encode()
    with app.app_context():
        import_file(db.session(), io.BytesIO(lines), zone=app.config["CONSENT"].zone, now=now)
