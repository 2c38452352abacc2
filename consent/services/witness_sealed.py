"""What did somebody sign? Read from the sealed content of each record, which nobody ever edits."""

import json
from dataclasses import dataclass

from consent.domain.erasures import ERASED
from consent.domain.signing import TypedPatron, TypedSigner


@dataclass(frozen=True, slots=True)
class Sealed:
    """The signer and one patron, exactly as they were typed."""

    signer: TypedSigner
    patron: TypedPatron

    @property
    def signer_name(self) -> str:
        return f"{self.signer.first_name} {self.signer.last_name}"

    @property
    def patron_name(self) -> str:
        return f"{self.patron.first_name} {self.patron.last_name}"


def read_sealed(canonical: str | None) -> Sealed:
    """Of what an order erased, only that it was."""
    if canonical is None:
        return Sealed(TypedSigner(ERASED, ERASED), TypedPatron(ERASED, ERASED))
    kept = json.loads(canonical)
    return Sealed(TypedSigner.from_json(kept["signer"]), TypedPatron.from_json(kept["patron"]))
