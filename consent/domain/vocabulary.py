"""Which words does the registry use? Stored and exchanged for ever: a name here is never respelled."""

from enum import StrEnum


class Use(StrEnum):
    """What may be done with a patron on social media; each is answered yes or no on its own (policy 6.5, III.k)."""

    RECORD = "record"
    PHOTO = "photo"
    VIDEO = "video"
    NAME = "name"
    TAG = "tag"
    FRIEND = "friend"
    FOLLOW = "follow"
    MESSAGE = "message"
    REPOST = "repost"


class Channel(StrEnum):
    """Whose account it appears on: the department's, or any employee's own outside work time."""

    DEPARTMENT = "department"
    PERSONAL = "personal"


class Media(StrEnum):
    """What a recording device makes (policy 6.5, IV.a.iii)."""

    STILL = "still"
    MOVING = "moving"
    VOICE = "voice"


class Answer(StrEnum):
    YES = "yes"
    NO = "no"


class Relationship(StrEnum):
    """What makes an adult a guardian; a closed list."""

    PARENT = "parent"
    COURT_APPOINTED_GUARDIAN = "court-appointed-guardian"
    POWER_OF_ATTORNEY = "power-of-attorney"
    AGENCY = "agency"


class Language(StrEnum):
    ENGLISH = "en"
    SPANISH = "es"


class Assurance(StrEnum):
    """How sure the registry is that the signer is who they say."""

    DESK = "desk"
    IMPORTED = "imported"
    PAPER = "paper"
    KIOSK_UNWITNESSED = "kiosk-unwitnessed"
    KIOSK_WITNESSED = "kiosk-witnessed"


class Identification(StrEnum):
    """How the front desk knows that a signer is who they say. Never a number and never a scan."""

    DOCUMENT_SEEN = "document-seen"
    KNOWN_TO_STAFF = "known-to-staff"


class AskedHow(StrEnum):
    """How somebody asked to take a permission back; no signature is needed."""

    IN_PERSON = "in-person"
    BY_PHONE = "by-phone"
    BY_EMAIL = "by-email"
    BY_LETTER = "by-letter"


class Reason(StrEnum):
    """Why the answer is no. `unknown-patron` is said of somebody without a record; the rule gives all the others."""

    PLATFORM_NOT_APPROVED = "platform-not-approved"
    HOLD = "hold"
    SIGNERS_DISAGREE = "signers-disagree"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    AWAITING_WITNESS = "awaiting-witness"
    OUT_OF_SCOPE = "out-of-scope"
    FORM_WITHDRAWN = "form-withdrawn"
    EXPIRED = "expired"
    AGE_UNKNOWN = "age-unknown"
    CAME_OF_AGE = "came-of-age"
    NOT_ENTITLED = "not-entitled"
    VOIDED = "voided"
    NO_RECORD = "no-record"
    UNKNOWN_PATRON = "unknown-patron"


class Shown(StrEnum):
    """The five faces of an answer, as a person sees it (DESIGN: look-up)."""

    YES = "yes"
    LIMITS = "limits"
    NO = "no"
    NOT_KNOWN = "not-known"
    CANNOT_CHECK = "cannot-check"
