"""What is marked on the registry as a whole?"""

from sqlalchemy.orm import Session, scoped_session

from consent.storage.models import RegistryMark

DEMO = "demo"


def is_demo(session: Session | scoped_session[Session]) -> bool:
    return session.get(RegistryMark, DEMO) is not None
