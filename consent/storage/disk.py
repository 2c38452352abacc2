"""What when the disk fails? Nothing that is open is believed: it is closed, and looked through before it serves again.

After a failed sync the system may call pages saved that are not, and an open connection would go on from them.
"""

from collections.abc import Collection
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

import pysqlite3
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError

PRIMARY = 0xFF
"""Of an extended code of SQLite, the kind."""
DAMAGED = frozenset({pysqlite3.dbapi2.SQLITE_CORRUPT, pysqlite3.dbapi2.SQLITE_NOTADB})
# Not told what; read, short read, write, sync, sync of the folder, truncate; data, file system.
KINDS = 0, 1, 2, 3, 4, 5, 6, 32, 33
BROKEN = DAMAGED | {pysqlite3.dbapi2.SQLITE_IOERR | (kind << 8) for kind in KINDS}
POSTGRESQL_DISK_FULL = "53100"

_doubts: WeakKeyDictionary[Engine, "Doubt"] = WeakKeyDictionary()


class Doubt:
    """Of one file, which several engines have open. Raised by a failure, and laid to rest by a new connection."""

    def __init__(self, engines: Collection[Engine]) -> None:
        self._engines = WeakSet(engines)
        self._raised = False
        for engine in engines:
            _doubts[engine] = self
            event.listen(engine, "handle_error", _doubt_after)

    def rise(self) -> None:
        self._raised = True
        for engine in list(self._engines):
            engine.dispose()

    def settle(self, connection: DBAPIConnection) -> None:
        """Write, sync and read with a connection that was just opened. Raises what it meets, and the doubt stays."""
        if not self._raised:
            return
        cursor: Any = connection.cursor()
        cursor.execute("PRAGMA synchronous = FULL")
        [version] = cursor.execute("PRAGMA user_version").fetchone()
        cursor.execute(f"PRAGMA user_version = {version}")  # changes nothing, and is written all the same
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        [found] = cursor.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise pysqlite3.dbapi2.OperationalError("the database file is damaged")
        self._raised = False


def distrust(engine: Engine, error: BaseException) -> bool:
    """Whether this is a failure of the disk, after which nothing that is open is used any more."""
    doubt = _doubts.get(engine)
    code = getattr(error, "sqlite_errorcode", 0)
    if doubt is None or (code not in BROKEN and code & PRIMARY not in DAMAGED):
        return False
    doubt.rise()
    return True


def is_out_of_room(error: BaseException) -> bool:
    """Whether the disk is full: then nothing of the change was kept."""
    told = error.orig if isinstance(error, DBAPIError) else error
    full = getattr(told, "sqlite_errorcode", 0) & PRIMARY == pysqlite3.dbapi2.SQLITE_FULL
    return full or getattr(told, "sqlstate", None) == POSTGRESQL_DISK_FULL


def _doubt_after(context: ExceptionContext) -> OperationalError | None:
    error, engine = context.original_exception, context.engine
    if engine is None or not distrust(engine, error):
        return None
    context.is_disconnect = True
    # A damaged file is no mistake of the statement's, which is what the driver's own kind of error says.
    return OperationalError(context.statement, None, error, hide_parameters=True, connection_invalidated=True)
