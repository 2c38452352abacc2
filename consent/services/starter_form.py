"""How does a new registry get its first form? As a proposal in both languages, which somebody reads and publishes."""

import io
import json
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.refusals import ConsentError
from consent.domain.vocabulary import Use
from consent.services.exchange.importing import import_within_change
from consent.services.form_texts import text_sha256
from consent.services.starter_form_text import FORM, TITLE, body
from consent.storage.database import begin_writing
from consent.storage.models import FormVersion

FIRST = 1


class FormPublishedAlready(ConsentError):
    """A form was published before, so the starter form is no longer offered."""


class ProposalChanged(ConsentError):
    """The text that would be published is not the one that was read: the department was renamed meanwhile."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The starter form in each language, and the hash of both together."""

    title: dict[str, str]
    body: dict[str, str]

    @property
    def text_sha256(self) -> str:
        return text_sha256(title=self.title, body=self.body)


def proposal(department: str) -> Proposal:
    return Proposal(TITLE, body(FIRST, {"en": department, "es": department}))


def is_published(session: Session) -> bool:
    return session.scalar(select(FormVersion.id).limit(1)) is not None


def publish_starter_form(
    session: Session, read_sha256: str, *, department: str, zone: tzinfo, by: str, now: datetime
) -> None:
    """For families to sign from now on. Raises FormPublishedAlready or ProposalChanged."""
    begin_writing(session)
    if is_published(session):
        raise FormPublishedAlready("A form was published before. The starter form is for a new registry only.")
    proposed = proposal(department)
    if proposed.text_sha256 != read_sha256:
        raise ProposalChanged("The text changed since you read it. Read it again.")
    line = {
        "type": "form",
        "id": FORM,
        "version": FIRST,
        "uses": [use.value for use in Use],
        "title": proposed.title,
        "body": proposed.body,
        "published_at": now.isoformat(),
    }
    import_within_change(session, io.BytesIO(json.dumps(line).encode()), zone=zone, now=now, by=by)
    session.commit()
