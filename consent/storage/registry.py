"""What is marked on the registry as a whole?"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.storage.models import RegistryMark

CITY = "city"
DEMO = "demo"
DEPARTMENT = "department"
ESIGN_POLICY = "esign-policy"


def is_demo(session: Session) -> bool:
    return session.get(RegistryMark, DEMO) is not None


def esign_policy(session: Session) -> str | None:
    """The city's own decision to take signatures on a screen (A.R.S. 44-7042); without one, nothing is signed."""
    return marked(session, ESIGN_POLICY)


def mark(session: Session, name: str, value: str) -> None:
    """Set or change a mark. The caller holds the writer's turn and commits."""
    session.merge(RegistryMark(name=name, value=value))


def marked(session: Session, name: str) -> str | None:
    found = session.get(RegistryMark, name)
    return found.value if found else None


def marks(session: Session, *names: str) -> dict[str, str]:
    """Those of these that are there, with what each says."""
    query = select(RegistryMark.name, RegistryMark.value).where(RegistryMark.name.in_(names))
    return {row.name: row.value for row in session.execute(query)}
