"""What is marked on the registry as a whole?"""

from sqlalchemy.orm import Session

from consent.storage.models import RegistryMark

DEMO = "demo"


def is_demo(session: Session) -> bool:
    return session.get(RegistryMark, DEMO) is not None
