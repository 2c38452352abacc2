"""What does somebody hold who signs in? A security key made of software, and the code that an authenticator shows."""

import hashlib
import html
import json
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy import select
from webauthn.helpers import bytes_to_base64url

from consent.services.authenticators import add_authenticator, new_secret, readable_secret
from consent.storage.database import db
from consent.storage.models import Staff

ASKED = re.compile(r'data-asked="([^"]+)"')
USER_PRESENT, ATTESTED = 0x01, 0x40


@dataclass
class SoftKey:
    """A security key: each touch counts, and the private half never leaves it."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    touches: int = 0

    def make(self, asked: dict, origin: str = "http://localhost") -> str:
        """What a browser answers to somebody who adds this key."""
        numbers = self.private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + cbor2.dumps(public)
        told = {"fmt": "none", "attStmt": {}, "authData": self._data(asked["rp"]["id"], ATTESTED) + attested}
        return self._answer(
            clientDataJSON=_client_data("webauthn.create", asked, origin), attestationObject=cbor2.dumps(told)
        )

    def touch(self, asked: dict, origin: str = "http://localhost") -> str:
        """What a browser answers to somebody who signs in with this key."""
        self.touches += 1
        client, data = _client_data("webauthn.get", asked, origin), self._data(asked["rpId"])
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, host: str, flags: int = 0) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([USER_PRESENT | flags]) + self.touches.to_bytes(4)

    def _answer(self, **parts: bytes) -> str:
        named = bytes_to_base64url(self.credential_id)
        response = {name: bytes_to_base64url(part) for name, part in parts.items()}
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": response})


def asked_on(page: str) -> dict:
    """What a page asks of the browser."""
    return json.loads(html.unescape(ASKED.search(page)[1]))


def code_of(base32: str, now: datetime | None = None) -> str:
    """What an authenticator with this key shows."""
    return TOTP(base32).generate(now or datetime.now(UTC)).token


def with_authenticator(app: Flask, email: str) -> str:
    """Give somebody an authenticator that has shown no code of this half minute yet, and tell its key."""
    with app.app_context():
        staff_id = db.session.scalar(select(Staff.id).where(Staff.email == email))
        sealed = new_secret(staff_id, secret=app.config["SECRET_KEY"])
        base32 = readable_secret(staff_id, sealed, secret=app.config["SECRET_KEY"])
        earlier = datetime(2026, 1, 1, tzinfo=UTC)
        assert add_authenticator(
            db.session(),
            staff_id,
            "The grey token",
            sealed,
            code_of(base32, earlier),
            secret=app.config["SECRET_KEY"],
            by="test",
            now=earlier,
        )
    return base32


def with_key(client: FlaskClient, csrf_token: str, name: str = "The blue key") -> SoftKey:
    """The key that somebody who is signed in adds."""
    key = SoftKey()
    asked = asked_on(client.get("/account/security-key").text)
    sent = {"name": name, "answer": key.make(asked), "csrf_token": csrf_token}
    assert client.post("/account/security-key", data=sent).status_code == 303
    return key


def _client_data(kind: str, asked: dict, origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": origin}).encode()
