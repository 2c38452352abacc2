"""Who signs in to the demo, and with which password? One member of staff for each role; kept for whoever runs it."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from consent.domain.permissions import Role
from consent.services.demo.department import CAMP, TEENS

FILE: Final = "demo-sign-ins.txt"
LETTERS: Final = "23456789abcdefghjkmnpqrstvwxyz"
GROUPS: Final = 4
GROUP_LENGTH: Final = 4


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the demo's staff."""

    role: Role
    email: str
    name: str
    programs: tuple[str, ...] = ()


STAFF: Final = (
    Member(Role.FRONT_DESK, "front-desk@demo.example", "Frances Desk (DEMO)"),
    Member(Role.POSTER, "poster@demo.example", "Paul Poster (DEMO)"),
    Member(Role.PROGRAM_LEAD, "program-lead@demo.example", "Priya Lead (DEMO)", (CAMP, TEENS)),
    Member(Role.ADMINISTRATOR, "administrator@demo.example", "Ada Admin (DEMO)"),
    Member(Role.DIRECTOR, "director@demo.example", "Diego Director (DEMO)"),
    Member(Role.RECORDS_OFFICER, "records-officer@demo.example", "Rita Records (DEMO)"),
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """What one member of the demo's staff types to sign in."""

    role: Role
    email: str
    password: str


def make_sign_ins() -> list[SignIn]:
    """Passwords of this one installation, easy to type and too long to guess."""
    return [SignIn(member.role, member.email, _password()) for member in STAFF]


def keep_sign_ins(instance: Path, sign_ins: list[SignIn]) -> None:
    """In a file that only its owner can read."""
    descriptor = os.open(instance / FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as kept:
        kept.writelines(f"{sign_in.role}\t{sign_in.email}\t{sign_in.password}\n" for sign_in in sign_ins)


def kept_sign_ins(instance: Path) -> list[SignIn]:
    """As they were kept; none where the file is gone."""
    path = instance / FILE
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    rows = [line.split("\t") for line in lines]
    return [SignIn(Role(role), email, password) for role, email, password in rows]


def forget_sign_ins(instance: Path) -> None:
    (instance / FILE).unlink(missing_ok=True)


def _password() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
