"""How does a test get somebody who works with the registry, and a browser in which they are signed in?"""

import re
from datetime import UTC, datetime
from functools import cache

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consent.domain.permissions import Role
from consent.domain.sign_in import Proof
from consent.services.passwords import hash_new_password
from consent.services.staff import NewStaff, add_staff
from consent.services.staff_sessions import start_session
from consent.storage.database import db
from consent.storage.models.staff import Staff
from consent.web.sign_in_state import TOKEN

EMAIL = "ada@city.example"
PASSWORD = "correct horse battery"
CSRF_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


@cache
def hashed_password() -> str:
    """Hashing is slow on purpose; once for all tests is enough."""
    return hash_new_password(PASSWORD)


def hire(
    app: Flask,
    *roles: Role,
    email: str = EMAIL,
    name: str = "Ada Lovelace",
    password: bool = True,
    programs: tuple[str, ...] = (),
) -> int:
    """A member of staff with these roles (front desk, if none is told), and their id."""
    with app.app_context():
        new = NewStaff(
            email,
            name,
            frozenset(roles or [Role.FRONT_DESK]),
            programs,
            password_hash=hashed_password() if password else None,
        )
        return add_staff(db.session(), new, by="command-line", now=datetime.now(UTC)).id


def signed_in(app: Flask, *roles: Role, email: str = EMAIL, programs: tuple[str, ...] = ()) -> FlaskClient:
    """The browser of somebody just hired, as it is after they signed in with a security key."""
    hire(app, *roles, email=email, programs=programs)
    return signed_in_as(app, email)


def signed_in_as(app: Flask, email: str = EMAIL, *, proof: Proof = Proof.SECURITY_KEY) -> FlaskClient:
    """A browser of somebody hired before, as it is just after they signed in."""
    client = app.test_client()
    with app.app_context():
        staff = db.session.scalars(select(Staff).where(Staff.email == email)).one()
        mark, token = (
            staff.fs_uniquifier,
            start_session(db.session(), staff.id, proof, browser="Firefox, Linux", now=datetime.now(UTC)),
        )
    with client.session_transaction() as session:
        session.update({"_user_id": mark, "_fresh": True, TOKEN: token})
        session.permanent = True
    return client


def csrf_token(client: FlaskClient, page: str = "/no-such-page") -> str:
    """The token that this browser's forms carry; even the page that is not found has the form for the language."""
    return CSRF_TOKEN.search(client.get(page).text)[1]
