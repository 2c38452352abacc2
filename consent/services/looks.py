"""Who looked at whose record? Each page that names people leaves its look before it is shown."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from consent.domain.looks import LookKind
from consent.storage.columns import EXTERNAL_ID_LENGTH
from consent.storage.direct import Direct, insert_all
from consent.storage.looks import recording, row_of


@dataclass(frozen=True, slots=True)
class Seen:
    """A patron by their external id, or what is about people by its own number. Never a name."""

    patron: str = ""
    about: str = ""


def record_looks(engine: Engine, kind: LookKind, seen: Iterable[Seen], *, by: str, now: datetime) -> None:
    """Everything seen at once. The checks' engine is passed; a look that cannot be recorded raises."""
    together = secrets.token_hex(8)
    rows = [
        row_of(
            engine.dialect,
            shown_together=together,
            looked_at=now,
            kind=kind.value,
            actor=by,
            patron=one.patron,
            about=one.about[:EXTERNAL_ID_LENGTH],
        )
        for one in dict.fromkeys(seen)
    ]
    with Direct(engine) as connection:
        insert_all(engine, connection, recording(engine.dialect), rows)
