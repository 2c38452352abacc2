"""What did somebody sign? Read from the sealed content of each record, which nobody ever edits."""

import json
from dataclasses import dataclass

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


def read_sealed(canonical: str) -> Sealed:
    kept = json.loads(canonical)
    return Sealed(TypedSigner.from_json(kept["signer"]), TypedPatron.from_json(kept["patron"]))
