"""How does the registry say it? Every sentence the rules can say, in English, marked for translation.

English is the source text; Spanish is looked up in `consent/translations`. No Flask here: a page, a paper and a
terminal line read the same catalogue.
"""

from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from consent.domain.authorizations import AccessLevel, AuthorizationState
from consent.domain.copies import Standing
from consent.domain.look_alikes import Doubt
from consent.domain.mail import MailState
from consent.domain.name_order import SortBy
from consent.domain.permissions import Permission, Role
from consent.domain.registers import EntryState, StaffKind
from consent.domain.reports import ReportState
from consent.domain.rosters import Mark, Section
from consent.domain.staff import StaffState
from consent.domain.takedowns import TakedownAction, TakedownOutcome
from consent.domain.vocabulary import (
    AskedHow,
    Assurance,
    Channel,
    Identification,
    Language,
    Reason,
    Relationship,
    Shown,
    Use,
)

TRANSLATIONS = Path(__file__).parent / "translations"


def _(message: str) -> str:
    """Mark a sentence for the catalogue; it is translated where it is said."""
    return message


@cache
def catalogue(language: str) -> NullTranslations:
    return translation("messages", TRANSLATIONS, [language], fallback=True)


def say(message: str, language: str = Language.ENGLISH, **values: object) -> str:
    """The sentence in that language, its `%(name)s` places filled. English where there is no translation."""
    said = catalogue(language).gettext(message) if message else ""
    return said % values if values else said


USES: dict[Use, str] = {
    Use.RECORD: _("Be recorded"),
    Use.PHOTO: _("Post a photo"),
    Use.VIDEO: _("Post a video"),
    Use.NAME: _("Print the name"),
    Use.TAG: _("Tag"),
    Use.FRIEND: _("Friend or connect"),
    Use.FOLLOW: _("Follow"),
    Use.MESSAGE: _("Comment or message"),
    Use.REPOST: _("Repost"),
}

STANDINGS: dict[Standing, str] = {
    Standing.CONFIRMED: _("In force: the front desk confirmed who signed"),
    Standing.ENDED: _("Ended: its last day is over"),
    Standing.REJECTED: _("Not confirmed: the front desk could not confirm who signed, so its yeses never count"),
    Standing.VOIDED: _("Voided: it was a mistake, and no longer counts"),
    Standing.WAITING: _("Waiting for the front desk: a no counts already, a yes does not yet"),
    Standing.WITHDRAWN: _("Taken back, in whole or in part, by whoever signed"),
}

MAIL_STATES: dict[MailState, str] = {
    MailState.SENT: _("copy mailed"),
    MailState.WAITING: _("copy waits to be mailed"),
    MailState.GIVEN_UP: _("the copy could not be mailed, so print it here"),
}

USE_MEANINGS: dict[Use, str] = {
    Use.RECORD: _("Staff may make a video or sound recording of this person."),
    Use.PHOTO: _("Staff may post a still picture in which this person can be recognized."),
    Use.VIDEO: _("Staff may post moving pictures or the voice of this person."),
    Use.NAME: _("Staff may print this person's name with a post."),
    Use.TAG: _("Staff may tag or mention this person's account."),
    Use.FRIEND: _("Staff may send or accept a friend or connection request."),
    Use.FOLLOW: _("Staff may follow this person's account."),
    Use.MESSAGE: _("Staff may comment to or message this person."),
    Use.REPOST: _("Staff may repost what this person made."),
}

CHANNELS: dict[Channel, str] = {
    Channel.DEPARTMENT: _("The department's own accounts"),
    Channel.PERSONAL: _("Any employee's own account, outside work time"),
}

RELATIONSHIPS: dict[Relationship, str] = {
    Relationship.PARENT: _("Parent"),
    Relationship.COURT_APPOINTED_GUARDIAN: _("Court-appointed guardian"),
    Relationship.POWER_OF_ATTORNEY: _("Agent by power of attorney"),
    Relationship.AGENCY: _("Child-safety agency"),
}

ROLES: dict[Role, str] = {
    Role.ADMINISTRATOR: _("Administrator"),
    Role.DIRECTOR: _("Director"),
    Role.FRONT_DESK: _("Front desk"),
    Role.POSTER: _("Poster"),
    Role.PROGRAM_LEAD: _("Program lead"),
    Role.RECORDS_OFFICER: _("Records officer"),
}

STAFF_STATES: dict[StaffState, str] = {
    StaffState.ACTIVE: _("Active"),
    StaffState.ENDED: _("Ended"),
    StaffState.INVITED: _("Invited, not yet in"),
    StaffState.LAPSED: _("Invitation lapsed"),
    StaffState.SUSPENDED: _("Suspended"),
}

ACCESS_LEVELS: dict[AccessLevel, str] = {
    AccessLevel.POST: _("Post from it"),
    AccessLevel.ADMINISTER: _("Post from it, and change its settings and passwords"),
}

AUTHORIZATION_STATES: dict[AuthorizationState, str] = {
    AuthorizationState.ENDED: _("Ended"),
    AuthorizationState.IN_FORCE: _("In force"),
    AuthorizationState.REFUSED: _("Refused"),
    AuthorizationState.REVOKED: _("Revoked"),
    AuthorizationState.WAITING: _("Waits for a director"),
}

STAFF_KINDS: dict[StaffKind, str] = {
    StaffKind.EMPLOYEE: _("Employee"),
    StaffKind.VOLUNTEER: _("Volunteer"),
    StaffKind.INTERN: _("Intern"),
    StaffKind.CONTRACTOR: _("Contractor"),
}

ENTRY_STATES: dict[EntryState, str] = {
    EntryState.AHEAD: _("Not begun yet"),
    EntryState.ENDED: _("Ended"),
    EntryState.IN_FORCE: _("In force"),
    EntryState.LAPSED: _("Its last day is over"),
    EntryState.LAPSES_SOON: _("Lapses soon"),
    EntryState.REFUSED: _("Refused"),
    EntryState.WAITING: _("Waits for a director"),
}

ASSURANCES: dict[Assurance, str] = {
    Assurance.DESK: _("Told the front desk"),
    Assurance.IMPORTED: _("Imported from another system"),
    Assurance.PAPER: _("Signed on paper"),
    Assurance.KIOSK_UNWITNESSED: _("Signed at a kiosk, not witnessed"),
    Assurance.KIOSK_WITNESSED: _("Signed at a kiosk, witnessed"),
}

ASKED_HOW: dict[AskedHow, str] = {
    AskedHow.IN_PERSON: _("In person"),
    AskedHow.BY_PHONE: _("By phone"),
    AskedHow.BY_EMAIL: _("By email"),
    AskedHow.BY_LETTER: _("By letter"),
}

IDENTIFICATIONS: dict[Identification, str] = {
    Identification.DOCUMENT_SEEN: _("I saw a document with their picture"),
    Identification.KNOWN_TO_STAFF: _("I know them"),
}

IDENTIFIED: dict[Identification, str] = {
    Identification.DOCUMENT_SEEN: _("A document was seen"),
    Identification.KNOWN_TO_STAFF: _("The desk knows them"),
}

VERDICTS: dict[Shown, str] = {
    Shown.YES: _("YES"),
    Shown.LIMITS: _("YES, WITH LIMITS"),
    Shown.NO: _("NO"),
    Shown.NOT_KNOWN: _("NOT KNOWN"),
    Shown.CANNOT_CHECK: _("CANNOT CHECK"),
}

VERDICT_MEANINGS: dict[Shown, str] = {
    Shown.YES: _("You may, on every platform asked about."),
    Shown.LIMITS: _("You may, but only where it says so below."),
    Shown.NO: _("Do not."),
    Shown.NOT_KNOWN: _("Do not: there is no permission to rely on."),
    Shown.CANNOT_CHECK: _("Do not: the registry gave no fresh answer."),
}

REASONS: dict[Reason, str] = {
    Reason.PLATFORM_NOT_APPROVED: _("The department has not approved this platform."),
    Reason.HOLD: _("A confidential hold is in force."),
    Reason.SIGNERS_DISAGREE: _("One entitled signer said yes and another said no. A no counts."),
    Reason.WITHDRAWN: _("The permission was withdrawn."),
    Reason.REFUSED: _("An entitled signer said no."),
    Reason.AWAITING_WITNESS: _("Somebody signed yes, and the front desk has not confirmed it yet."),
    Reason.OUT_OF_SCOPE: _("There is a yes, but not for this account, platform or program."),
    Reason.FORM_WITHDRAWN: _("The form that was signed has been withdrawn. A new signature is needed."),
    Reason.EXPIRED: _("The permission has expired."),
    Reason.AGE_UNKNOWN: _("They signed for themselves, and their age is not known."),
    Reason.CAME_OF_AGE: _("They have come of age and must now sign for themselves."),
    Reason.NOT_ENTITLED: _("Whoever signed was not entitled to say yes."),
    Reason.VOIDED: _("The record was voided."),
    Reason.NO_RECORD: _("Nobody has signed a yes for this."),
    Reason.UNKNOWN_PATRON: _("Nobody of this number is in the registry."),
}

TAKEDOWN_ACTIONS: dict[TakedownAction, str] = {
    TakedownAction.TAKE_DOWN: _("Take it down"),
    TakedownAction.UNFOLLOW: _("Stop following their account"),
    TakedownAction.UNFRIEND: _("End the friend connection"),
    TakedownAction.UNTAG: _("Remove the tag"),
}

TAKEDOWN_CHOICES: dict[TakedownOutcome, str] = {
    TakedownOutcome.GONE: _("It is gone: I looked"),
    TakedownOutcome.CANNOT: _("It cannot be taken down: others have shared it"),
    TakedownOutcome.KEPT: _("It may stay: it is allowed again"),
}

TAKEDOWN_OUTCOMES: dict[TakedownOutcome, str] = {
    TakedownOutcome.CANNOT: _("It could not be taken down"),
    TakedownOutcome.GONE: _("It is gone"),
    TakedownOutcome.KEPT: _("It stays: it was allowed again"),
}

REPORT_STATES: dict[ReportState, str] = {
    ReportState.ASSIGNED: _("Somebody sees to it"),
    ReportState.CLOSED: _("It is closed"),
    ReportState.CORRECTED: _("Corrected, not closed yet"),
    ReportState.REPORTED: _("Reported, nobody sees to it yet"),
}

MARKS: dict[Mark, str] = {
    Mark.OK: _("OK"),
    Mark.NOT_OK: _("NOT OK"),
    Mark.NOT_ASKED: _("NOT ASKED"),
}

SECTIONS: dict[Section, str] = {
    Section.DO_NOT_PHOTOGRAPH: _("DO NOT PHOTOGRAPH"),
    Section.LIMITS: _("OK WITH LIMITS"),
    Section.OK: _("OK"),
}

SORTS: dict[SortBy, str] = {
    SortBy.LAST: _("Last name"),
    SortBy.FIRST: _("First name"),
}

NEXT_STEPS: dict[Reason, str] = {
    Reason.PLATFORM_NOT_APPROVED: _("Choose a platform that is approved, or do not post."),
    Reason.HOLD: _("Leave this person out everywhere. Ask a records officer."),
    Reason.SIGNERS_DISAGREE: _("Leave this person out. Only whoever said no can change it, at the front desk."),
    Reason.WITHDRAWN: _("Leave this person out. Whoever withdrew can sign again at the front desk."),
    Reason.REFUSED: _("Leave this person out."),
    Reason.AWAITING_WITNESS: _("Ask the front desk to confirm the signing."),
    Reason.OUT_OF_SCOPE: _("Choose where it is allowed, or ask them to sign at the front desk."),
    Reason.FORM_WITHDRAWN: _("Ask them to sign the new form at the front desk."),
    Reason.EXPIRED: _("Ask them to sign again at the front desk."),
    Reason.AGE_UNKNOWN: _("Ask the front desk to record their birth date."),
    Reason.CAME_OF_AGE: _("Ask them to sign for themselves at the front desk."),
    Reason.NOT_ENTITLED: _("Ask somebody who is entitled to sign at the front desk."),
    Reason.VOIDED: _("Ask them to sign again at the front desk."),
    Reason.NO_RECORD: _("Ask them, or a parent or guardian, to sign at the front desk."),
    Reason.UNKNOWN_PATRON: _("Check the number, or look the name up."),
}

DOUBTS: dict[Doubt, str] = {
    Doubt.MIXED_ALPHABETS: _("Mixes letters of two alphabets, and may only look like another name."),
    Doubt.DRAWN_LIKE_LATIN: _("Written in letters of another alphabet that only look like these."),
    Doubt.UNSEEN_CHARACTERS: _("Holds characters that cannot be seen."),
}
"""What to say beside a name that may not be the one that a reader takes it for."""

NEEDS_RECORD = _("A video also needs permission to record, and that is missing.")

CARD_OF_REGISTRY = _("City consent card")
CARD_SAYS_NOTHING = _("This card says nothing about anybody. Only the department's staff can read it.")
CARD_FOUND = _("Did you find it? Please hand it in at the front desk of the department.")
STAFF_SIGN_IN = _("Staff: sign in")

NO_OF_PEOPLE = _("No. This person may not be shown or contacted.")
"""One sentence for the four reasons that are about people, so that a hold does not give itself away."""


def reason_sentence(reason: Reason, permissions: frozenset[Permission]) -> str:
    """The English sentence for a reason, as somebody with these permissions may read it."""
    if reason is Reason.REFUSED and Permission.SEE_HOLDS not in permissions:
        return NO_OF_PEOPLE
    return REASONS[reason]
