"""How does a test get somebody who works with the registry, and a browser in which they are signed in?"""

import re
import time
from datetime import UTC, datetime
from functools import cache

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consent.domain.permissions import Role
from consent.services.staff import NewStaff, add_staff
from consent.services.staff_sign_in import hash_new_password
from consent.storage.database import db
from consent.storage.models.staff import Staff

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
    """The browser of somebody just hired, as it is after they signed in."""
    hire(app, *roles, email=email, programs=programs)
    client = app.test_client()
    with app.app_context():
        mark = db.session.scalar(select(Staff.fs_uniquifier).where(Staff.email == email))
    with client.session_transaction() as session:
        session.update({"_user_id": mark, "_fresh": True, "fs_paa": time.time()})
        session.permanent = True
    return client


def csrf_token(client: FlaskClient, page: str = "/no-such-page") -> str:
    """The token that this browser's forms carry; even the page that is not found has the form for the language."""
    return CSRF_TOKEN.search(client.get(page).text)[1]
