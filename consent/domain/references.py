"""By which number does a family name their signing at the desk? Short enough to be read aloud, from no one's name."""

import secrets
from typing import Final

from consent.domain.card_codes import ALPHABET, GROUP, tidy_code

LENGTH: Final = 8


def new_reference() -> str:
    """Eight characters in two groups, such as K7QX-2M9P: no letter that looks like a digit."""
    return _in_groups("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def tidy_reference(typed: str) -> str:
    """The reference that somebody meant, however they typed it; whether it is one, the registry knows."""
    return _in_groups(tidy_code(typed))


def _in_groups(code: str) -> str:
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))
