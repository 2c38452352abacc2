"""Which link stands on a signed copy? Made without drawing the paper, for tests of what the link shows."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.storage.models import Signing, StoredCopy


def lasting_link(session: Session, reference: str, *, now: datetime) -> str:
    """The token of its status page."""
    token = secrets.token_urlsafe(32)
    signing = session.scalars(select(Signing.id).where(Signing.reference == reference)).one()
    paper = reference.encode()
    told = {"pdf_sha256": hashlib.sha256(paper).hexdigest(), "pdf": paper, "stored_at": now}
    session.add(StoredCopy(signing_id=signing, status_sha256=hashlib.sha256(token.encode()).hexdigest(), **told))
    session.commit()
    return token
