"""What hangs on these rows? One statement for a page of parents, never one for each."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select


def children(
    connection: Connection, found: Select[Any], parent: ColumnElement[int], parents: Iterable[Row[Any]]
) -> defaultdict[int, list[Any]]:
    """By parent, the second column of each row, or a pair of the second and third."""
    hanging: defaultdict[int, list[Any]] = defaultdict(list)
    keys = [row.id for row in parents]
    if keys:
        for key, *said in connection.execute(found.where(parent.in_(keys))):
            hanging[key].append(said[0] if len(said) == 1 else tuple(said))
    return hanging
