"""Is the ledger still the one whose checkpoints were signed? Its own, and one that somebody kept elsewhere."""

from collections.abc import Iterator

from sqlalchemy import Connection

from consent.domain.checkpoints import CheckpointUnreadable, Given, read_given
from consent.domain.verification import Finding
from consent.services.checkpoints import who_signed
from consent.services.verification_ledger import LedgerPass
from consent.storage import checkpoints as stored


class Checkpoints:
    """Those on file, and the one given; `sizes` are those at which the tree's root is wanted."""

    def __init__(self, connection: Connection, given: Given | None) -> None:
        self._kept = [(size, root, note) for size, root, note in stored.signed(connection)]
        self._keys = [(name, public) for name, public in stored.keys(connection)]
        self._given = given
        self.sizes = frozenset({size for size, _, _ in self._kept} | ({given.size} if given else set()))

    def compare(self, ledger: LedgerPass) -> Iterator[Finding]:
        for size, root, note in self._kept:
            yield from self._check_kept(f"ledger_checkpoint {size}", size, root, note, ledger)
        if self._given:
            yield from self._check_given(self._given, ledger)

    def _check_kept(self, named: str, size: int, root: str, note: str, ledger: LedgerPass) -> Iterator[Finding]:
        try:
            said = read_given(note)
        except CheckpointUnreadable:
            yield Finding(named, "its note cannot be read")
            return
        if (said.size, said.root_begins) != (size, root):
            yield Finding(named, "its note says something else")
        if True not in (checked := who_signed(said, self._keys)) or False in checked:
            yield Finding(named, "is signed by no key of this ledger")
        yield from _check_root(named, said, ledger)

    def _check_given(self, given: Given, ledger: LedgerPass) -> Iterator[Finding]:
        checked = who_signed(given, self._keys)
        if given.text and (True not in checked or False in checked):
            yield Finding(given.named, "is signed by no key of this ledger")
        if given.size > ledger.entries:
            what = f"the ledger has only {ledger.entries:,}: its end was cut off, or an old copy was put back"
            yield Finding(given.named, what)
        else:
            yield from _check_root(given.named, given, ledger)


def _check_root(named: str, said: Given, ledger: LedgerPass) -> Iterator[Finding]:
    root = ledger.roots.get(said.size)
    if root is None or not root.hex().startswith(said.root_begins):
        yield Finding(named, "these are not the entries that it was made of")
