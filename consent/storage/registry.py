"""What is marked on the registry as a whole?"""

from sqlalchemy.orm import Session

from consent.storage.models import RegistryMark

DEMO = "demo"
ESIGN_POLICY = "esign-policy"


def is_demo(session: Session) -> bool:
    return session.get(RegistryMark, DEMO) is not None


def esign_policy(session: Session) -> str | None:
    """The city's own decision to take signatures on a screen (A.R.S. 44-7042); without one, nothing is signed."""
    mark = session.get(RegistryMark, ESIGN_POLICY)
    return mark.value if mark else None
