"""Is every row what the ledger says of it, and does it say something of every row? Compared on disk, not in memory."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pysqlite3

from consent.domain.verification import Finding
from consent.storage.sealed_rows import CHECKED, SEALED, SealedTable, Values, digest, sealed_table
from consent.storage.triggers import APPEND_ONLY, NEVER_DELETED

NEVER_EDITED = frozenset(str(model.__tablename__) for model in APPEND_ONLY)
STAYS = NEVER_EDITED | {str(model.__tablename__) for model in NEVER_DELETED}


class Comparison:
    """What the ledger told of each row, beside what is stored. Both stand in a private file that goes by itself."""

    def __init__(self) -> None:
        self._kept = pysqlite3.dbapi2.connect("")
        self._kept.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE told (name, key, position, row, PRIMARY KEY (name, key)) WITHOUT ROWID;"
            "CREATE TABLE stored (name, key, row, PRIMARY KEY (name, key)) WITHOUT ROWID;"
        )
        self.rows = 0
        self._last_checked: dict[str, Any] = {}

    def close(self) -> None:
        self._kept.close()

    def tell(self, position: int, batches: Sequence[dict[str, Any]]) -> Iterator[Finding]:
        """Take over what the ledger says with this event."""
        for batch in batches:
            name = batch["table"]
            if "gone" in batch:
                yield from self._forget(name, position, batch["gone"])
            elif "checks" in batch:
                self._told_checks(name, position, batch["checks"])
            elif (sealed := sealed_table(name)) is None:
                continue
            elif tuple(batch["columns"]) == sealed.columns:
                yield from self._told_whole(sealed, position, batch["kept"])
            else:
                self._told_in_part(sealed, position, batch["columns"], batch["kept"])

    def stored(self, sealed: SealedTable, rows: Iterable[Values]) -> None:
        """Take over what stands in a table; of checks, those that no batch has told yet are left out."""
        checked = sealed.name in CHECKED
        last = self._last_checked.get(sealed.name, 0)
        tell = digest if checked else _text
        self._kept.executemany(
            "INSERT INTO stored VALUES (?, ?, ?)",
            (
                (sealed.name, _text(row[: sealed.key_length]), tell(row))
                for row in self._counted(rows)
                if not checked or (isinstance(row[0], int) and row[0] <= last)
            ),
        )

    def differences(self) -> Iterator[Finding]:
        """Rows changed or gone behind the ledger's back, and rows that it knows nothing of."""
        for name, key, position, told, stored in self._kept.execute(
            "SELECT t.name, t.key, t.position, t.row, s.row FROM told t LEFT JOIN stored s "
            "ON s.name = t.name AND s.key = t.key WHERE s.row IS NULL OR s.row <> t.row"
        ):
            if stored is None:
                yield Finding(_named(name, key), f"is gone; it was sealed with entry {position}")
            elif changed := _changed(name, told, stored):
                yield Finding(_named(name, key, stored), f"{changed} not what was sealed with entry {position}")
        for name, key, stored in self._kept.execute(
            "SELECT s.name, s.key, s.row FROM stored s LEFT JOIN told t ON t.name = s.name AND t.key = s.key "
            "WHERE t.row IS NULL"
        ):
            yield Finding(_named(name, key, stored), "was never sealed; no entry of the ledger tells of it")

    def _counted(self, rows: Iterable[Values]) -> Iterator[Values]:
        for row in rows:
            self.rows += 1
            yield row

    def _told_whole(self, sealed: SealedTable, position: int, rows: list[list[Any]]) -> Iterator[Finding]:
        told = [(sealed.name, _text(row[: sealed.key_length]), position, _text(row)) for row in rows]
        if sealed.name not in NEVER_EDITED:
            self._kept.executemany("INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?)", told)
            return
        added = self._kept.executemany("INSERT OR IGNORE INTO told VALUES (?, ?, ?, ?)", told).rowcount
        for name, key, _, row in told if added < len(told) else ():
            first, before = self._before(name, key)
            if before != row:
                yield Finding(_named(name, key, row), f"was sealed with entry {first}, and otherwise with {position}")

    def _told_in_part(self, sealed: SealedTable, position: int, columns: list[str], rows: list[list[Any]]) -> None:
        """Some columns changed; or the row was told when the table had others."""
        for row in rows:
            key = _text(row[: sealed.key_length])
            _, before = self._before(sealed.name, key)
            known = _by_column(sealed, before) if before else {}
            whole = known | dict(zip(columns, row, strict=True))
            kept = json.dumps(whole) if not whole.keys() >= set(sealed.columns) else _text(_in_order(sealed, whole))
            self._kept.execute("INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?)", (sealed.name, key, position, kept))

    def _told_checks(self, name: str, position: int, checks: list[list[Any]]) -> None:
        told = ((name, _text([key]), position, half) for key, half in checks)
        self._kept.executemany("INSERT OR IGNORE INTO told VALUES (?, ?, ?, ?)", told)
        self._last_checked[name] = max([self._last_checked.get(name, 0), *(key for key, _ in checks)])

    def _forget(self, name: str, position: int, keys: list[list[Any]]) -> Iterator[Finding]:
        for key in map(_text, keys):
            if name in STAYS:
                yield Finding(_named(name, key), f"is never deleted, and entry {position} says that it was")
            self._kept.execute("DELETE FROM told WHERE name = ? AND key = ?", (name, key))

    def _before(self, name: str, key: str) -> tuple[int, str | None]:
        found = self._kept.execute("SELECT position, row FROM told WHERE name = ? AND key = ?", (name, key)).fetchone()
        return found or (0, None)


def _changed(name: str, told: str, stored: str) -> str:
    """Which columns; empty where all that was told is so."""
    if name in CHECKED:
        return "is"
    sealed = sealed_table(name)
    if sealed is None:
        return ""
    was, now = _by_column(sealed, told), _by_column(sealed, stored)
    changed = [column for column in sealed.columns if column in was and was[column] != now[column]]
    return f"{', '.join(changed)} {'is' if len(changed) == 1 else 'are'}" if changed else ""


def _by_column(sealed: SealedTable, row: str) -> dict[str, Any]:
    parsed = json.loads(row)
    return parsed if isinstance(parsed, dict) else dict(zip(sealed.columns, parsed, strict=True))


def _in_order(sealed: SealedTable, whole: dict[str, Any]) -> list[Any]:
    return [whole[column] for column in sealed.columns]


def _named(name: str, key: str, row: str | None = None) -> str:
    """The table and the key, and the name that people know it by."""
    told = f"{name} {'/'.join(map(str, json.loads(key)))}"
    sealed = sealed_table(name)
    known = _by_column(sealed, row) if sealed and row and name not in CHECKED else {}
    also = next((known[column] for column in ("external_id", "reference", "serial") if known.get(column)), None)
    return f"{told} ({also})" if also else told


def _text(row: Sequence[Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str)


def tables() -> Iterator[SealedTable]:
    for name in (*SEALED, *CHECKED):
        if sealed := sealed_table(name):
            yield sealed
