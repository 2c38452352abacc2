"""Which SQLite may lose a commit, and how is it used then?

Up to 3.51.2, two connections in WAL mode can very rarely overwrite what one of them has committed.
"""

import pysqlite3

FIXED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))
"""The first versions, of each line of releases, that do not."""

Version = tuple[int, ...]


def is_fixed(version: Version) -> bool:
    """Whether this one is safe in WAL mode; 3.52.0 was withdrawn."""
    if version >= FIXED[-1]:
        return version[:2] != (3, 52)
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in FIXED)


def durability(*, checks: bool = False) -> tuple[str, str]:
    """The journal and the sync that keep a commit with the library that is really loaded.

    A check need not wait for the disk where the file cannot be harmed by that.
    """
    if not is_fixed(pysqlite3.dbapi2.sqlite_version_info):
        return "DELETE", "EXTRA"
    return "WAL", "NORMAL" if checks else "FULL"
