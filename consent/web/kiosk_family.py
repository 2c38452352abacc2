"""What has the family at this kiosk typed so far? Kept by the registry, never by the browser."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from consent.domain.signing import Sitting, TypedPatron, TypedSigner
from consent.domain.vocabulary import Language, Relationship
from consent.services.drafts import Draft, save_draft

NOBODY = TypedSigner("", "")
SELF = "self"
UNSENT = "unsent"


@dataclass(frozen=True, slots=True)
class Family:
    """One sitting at one kiosk. A change is a new family, and `save` keeps it."""

    kiosk_id: int
    token: str
    draft: Draft

    @property
    def whom(self) -> str | None:
        """`children` or `self`, once that is said."""
        return self.draft.content.get("whom")

    @property
    def for_self(self) -> bool:
        return self.whom == SELF

    @property
    def typed_signer(self) -> Mapping[str, Any]:
        """The signer as the page has them, who may be none that can sign."""
        kept: Mapping[str, Any] = self.draft.content.get("signer", {})
        return kept

    @property
    def signer(self) -> TypedSigner | None:
        """None until somebody has said who they are, and that they may sign."""
        typed = self.typed_signer
        if not typed or not typed["authority"]:
            return None
        relationship = None if typed["relationship"] == SELF else Relationship(typed["relationship"])
        of_age, email = typed["of_age"] == "yes", typed.get("email", "")
        return TypedSigner(typed["first_name"], typed["last_name"], relationship, email, of_age)

    @property
    def patrons(self) -> tuple[TypedPatron, ...]:
        return tuple(map(TypedPatron.from_json, self.draft.content.get("patrons", [])))

    @property
    def no_more(self) -> bool:
        """They said that there is no other child."""
        return bool(self.draft.content.get("no_more"))

    def unsent(self, path: str) -> MultiDict[str, str] | None:
        """What was typed on this page before the language was changed on it."""
        kept = self.draft.content.get(UNSENT)
        return MultiDict(kept["typed"]) if kept and kept["at"] == path else None

    @property
    def signed(self) -> Mapping[str, Any] | None:
        """What the last page tells, once they have signed."""
        return self.draft.content.get("signed")

    @property
    def sitting(self) -> Sitting:
        return Sitting(self.draft.language, self.signer or NOBODY, self.patrons)

    def with_patron(self, place: int, patron: TypedPatron) -> "Family":
        """With this one in that place, or after all the others."""
        patrons = [*self.patrons[:place], patron, *self.patrons[place + 1 :]]
        return self.saying(patrons=[one.to_json() for one in patrons])

    def without_patron(self, place: int) -> "Family":
        patrons = [one for at, one in enumerate(self.patrons) if at != place]
        return self.saying(patrons=[one.to_json() for one in patrons])

    def saying(self, **told: Any) -> "Family":
        """With this said too; what was typed and not sent is sent now."""
        kept = {name: value for name, value in self.draft.content.items() if name != UNSENT}
        return replace(self, draft=replace(self.draft, content=kept | told))

    def speaking(self, language: Language) -> "Family":
        return replace(self, draft=replace(self.draft, language=language))

    def only(self, **told: Any) -> "Family":
        """With nothing else left of what they typed."""
        return replace(self, draft=replace(self.draft, content=told))

    def save(self, session: Session, *, now: datetime) -> None:
        save_draft(
            session,
            self.token,
            self.draft.content,
            kiosk_id=self.kiosk_id,
            language=self.draft.language,
            now=now,
        )
