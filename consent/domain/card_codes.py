"""What is a card's code, and what did somebody mean who typed or scanned one?

Crockford's base 32: no letter that looks like a digit, no case, so that a keyboard's layout cannot corrupt it.
"""

import hashlib
import re
import secrets
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 26
RANDOM_BITS: Final = 130
BITS_A_CHARACTER: Final = 5
GROUP: Final = 4
LOOK_ALIKES: Final = str.maketrans("OIL", "011")
PATH: Final = "/C/"
CODE: Final = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    """A code nobody can guess: 130 random bits."""
    bits = secrets.randbits(RANDOM_BITS)
    return "".join(
        ALPHABET[bits >> shift & 31] for shift in range(RANDOM_BITS - BITS_A_CHARACTER, -1, -BITS_A_CHARACTER)
    )


def tidy_code(given: str) -> str:
    """The code in what was typed or scanned, a whole address included; whether it is one, `is_code` tells."""
    upper = given.strip().upper()
    code = upper.rpartition(PATH)[2].rstrip("/") if PATH in upper else upper
    return re.sub(r"[\s-]", "", code).translate(LOOK_ALIKES)


def is_code(tidied: str) -> bool:
    return CODE.fullmatch(tidied) is not None


def in_groups(code: str) -> str:
    """As it is printed for people: four characters, a space, four characters."""
    return " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def code_sha256(code: str) -> str:
    """All that the registry keeps of a code."""
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()
