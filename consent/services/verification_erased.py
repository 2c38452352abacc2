"""Which of what is missing did two people order to be erased?"""

import json
from collections.abc import Iterator

from consent.domain.verification import ErasedByOrder, Finding


class Orders:
    """Every order that the ledger tells of, and the rows that it names."""

    def __init__(self) -> None:
        self.given: list[ErasedByOrder] = []
        self._named: dict[str, set[str]] = {}

    def take(self, named: str, actor: str, content: str) -> Iterator[Finding]:
        """An order that was not approved by somebody else names nothing."""
        try:
            told = json.loads(content)
            asked, approved = told["requested_by"], told["approved_by"]
            erased = {table: set(map(str, keys)) for table, keys in told["erased"].items()}
            order = ErasedByOrder(int(told["order"]), sum(map(len, erased.values())))
        except (AttributeError, KeyError, TypeError, ValueError):
            yield Finding(named, "the order cannot be read")
            return
        if asked == approved or approved != actor:
            yield Finding(named, "was not approved by two people")
            return
        self.given.append(order)
        for table, keys in erased.items():
            self._named.setdefault(table, set()).update(keys)

    def name(self, table: str, key: object) -> bool:
        """Whether an order names this row."""
        return str(key) in self._named.get(table, ())
