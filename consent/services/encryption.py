"""How is a secret kept that must be read again? Encrypted, under a key that never enters the database.

The key is made from the installation's secret for this one purpose, and what a text is about is sealed in with it, so
that one person's secret put into another's row opens nothing.
"""

import base64
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
PURPOSE: Final = b"consent registry: second factors"


class NotReadable(ValueError):
    """It was encrypted under another key, for another purpose, or was changed."""


def encrypt(text: str, *, secret: str, about: str) -> str:
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(_key(secret)).encrypt(nonce, text.encode(), about.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def decrypt(sealed: str, *, secret: str, about: str) -> str:
    """Raises NotReadable."""
    try:
        raw = base64.urlsafe_b64decode(sealed)
        return AESGCM(_key(secret)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], about.encode()).decode()
    except (ValueError, InvalidTag) as wrong:
        raise NotReadable from wrong


def _key(secret: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=PURPOSE).derive(secret.encode())
