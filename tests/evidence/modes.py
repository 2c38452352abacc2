"""In which of the two ways does SQLite keep what is committed? The registry chooses by the library that it finds."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

import pysqlite3


class Mode(Enum):
    """Which library the registry is made to believe that it has."""

    WAL = pysqlite3.sqlite_version_info
    DELETE = (3, 40, 1)

    @contextmanager
    def chosen(self) -> Iterator[None]:
        """For this process and those forked from it, before they open the database."""
        really = pysqlite3.dbapi2.sqlite_version_info
        pysqlite3.dbapi2.sqlite_version_info = self.value
        try:
            yield
        finally:
            pysqlite3.dbapi2.sqlite_version_info = really
