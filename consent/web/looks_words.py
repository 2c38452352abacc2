"""How does the record of looking say what was done, and who did it?"""

from collections.abc import Mapping

from consent.domain.events import EventKind
from consent.domain.looks import LookKind
from consent.services.checks import Door
from consent.services.looks_timeline import Actors, Entry, Source
from consent.services.sealed_checks import BY_TICK
from consent.storage.looks_timeline import TERMINAL
from consent.web.language import say
from consent.web.looking import BY_LINK
from consent.wording import _
from forms.looks import Groups

CHECKS: dict[str, str] = {
    Door.API: _("Asked by another system"),
    Door.CARD: _("Scanned a card"),
    Door.GROUP_CHECK: _("Checked a group"),
    Door.CLEARANCE: _("Cleared or refused a post with them"),
    Door.DASHBOARD: _("Opened a list or a forecast of the dashboard"),
    Door.LOOK_UP: _("Looked up"),
    Door.PATRON_PAGE: _("Opened the record"),
    Door.ROSTER: _("Opened a roster"),
}
LOOKS: dict[str, str] = {
    LookKind.CARD_LIST: _("Opened a list to print cards"),
    LookKind.CLEARANCE: _("Opened a post's clearance"),
    LookKind.CLEARANCE_CERTIFICATE: _("Printed a post's certificate"),
    LookKind.CORRECTION: _("Opened the form of a correction"),
    LookKind.ERASURE: _("Opened an erasure"),
    LookKind.EXPORT: _("Exported all facts"),
    LookKind.GUARDIANSHIP: _("Opened the form of a guardianship"),
    LookKind.HOLD: _("Opened a hold, or its form"),
    LookKind.LOOKS: _("Read this record of looking"),
    LookKind.LOOKS_FILE: _("Took this record of looking as a file"),
    LookKind.NAME_SEARCH: _("Saw in a search by name"),
    LookKind.PAPER_SCAN: _("Opened the scan of a paper form"),
    LookKind.PROGRAM_PEOPLE: _("Opened the people of a program"),
    LookKind.PROGRAMS_OF_PERSON: _("Opened the programs of a person"),
    LookKind.SIGNED_COPY: _("Printed a signed copy once more"),
    LookKind.SIGNED_COPY_BY_LINK: _("Opened a signed copy by its link"),
    LookKind.SIGNING: _("Opened a signing"),
    LookKind.SIGNING_QUEUE: _("Opened the list of signings"),
    LookKind.TAKEDOWNS: _("Opened what must come down"),
    LookKind.VOIDING: _("Opened a voiding"),
    LookKind.WITHDRAWAL: _("Opened the form of a withdrawal"),
    LookKind.WITHDRAWALS_OF_WEEK: _("Opened the withdrawals of a week"),
    LookKind.WITHDRAWAL_SLIP: _("Printed a withdrawal's slip"),
}
CHANGES: dict[str, str] = {
    EventKind.ACCOUNT_APPROVED: _("An account was approved"),
    EventKind.ACCOUNT_CLOSED: _("An account was closed"),
    EventKind.ACCOUNT_REFUSED: _("An account was refused"),
    EventKind.ACCOUNT_REQUESTED: _("An account was asked for"),
    EventKind.CARD_ISSUED: _("Printed a card"),
    EventKind.CARD_REVOKED: _("A card was replaced"),
    EventKind.CHECKPOINT_MADE: _("The ledger's length and root were signed"),
    EventKind.CHECKS_RECORDED: _("Answers given were sealed in the ledger"),
    EventKind.CLEARANCE_GIVEN: _("A post was cleared"),
    EventKind.CLEARANCE_RECHECK_NEEDED: _("A cleared post must be asked about anew"),
    EventKind.CLEARANCE_REFUSED: _("A post was refused"),
    EventKind.CLEARANCE_STARTED: _("A post's clearance was begun"),
    EventKind.CONSENT_MATCHED: _("A signed record was linked to a person"),
    EventKind.CONSENT_SIGNED: _("A permission was signed"),
    EventKind.CONSENT_VOIDED: _("A signed record was voided"),
    EventKind.CONSENT_WITNESSED: _("A signing was confirmed"),
    EventKind.COPY_STORED: _("Stored a signed copy"),
    EventKind.DEMO_ADDED: _("A demo was added"),
    EventKind.DEPARTMENT_NAMED: _("The department was named"),
    EventKind.ENROLLMENT_ADDED: _("Enrolled in a program"),
    EventKind.ENROLLMENT_ENDED: _("No longer enrolled in a program"),
    EventKind.ERASED: _("Personal data was erased"),
    EventKind.ERASURE_REFUSED: _("An erasure was refused"),
    EventKind.ERASURE_REQUESTED: _("An erasure was asked for"),
    EventKind.ESIGN_POLICY_SET: _("The decision on signatures was named"),
    EventKind.EVIDENCE_EXPORTED: _("The evidence was exported"),
    EventKind.FORM_PUBLISHED: _("A form was published"),
    EventKind.FORM_WITHDRAWN: _("A form was withdrawn"),
    EventKind.GUARDIANSHIP_ADDED: _("A guardianship began"),
    EventKind.GUARDIANSHIP_ENDED: _("A guardianship ended"),
    EventKind.GUARDIAN_ADDED: _("A guardian was added"),
    EventKind.GUARDIAN_CHANGED: _("A guardian was corrected"),
    EventKind.HOLD_ENDED: _("A hold ended"),
    EventKind.HOLD_PLACED: _("A hold was placed"),
    EventKind.KIOSK_ADDED: _("A kiosk was added"),
    EventKind.KIOSK_CHANGED: _("A kiosk was changed"),
    EventKind.KIOSK_ENROLLED: _("A device became a kiosk"),
    EventKind.LEDGER_KEY_ADDED: _("A key that signs the ledger was added"),
    EventKind.LEDGER_OPENED: _("The ledger was opened"),
    EventKind.PAPER_ENTERED: _("A paper form was entered"),
    EventKind.NOTE_ENDED: _("A note to a program's staff was ended"),
    EventKind.NOTE_GIVEN: _("A note was given to a program's staff"),
    EventKind.PATRON_ADDED: _("A person was added"),
    EventKind.PATRON_CHANGED: _("A person was corrected"),
    EventKind.PICTURE_STAMPED: _("A cleared picture was given its stamp"),
    EventKind.PLATFORM_ADDED: _("A platform was added"),
    EventKind.PLATFORM_CHANGED: _("A platform was changed"),
    EventKind.POST_LOGGED: _("A post was told of"),
    EventKind.POLICY_ACKNOWLEDGED: _("Somebody acknowledged the policy"),
    EventKind.POLICY_PUBLISHED: _("A version of the policy was entered"),
    EventKind.POSTING_APPROVED: _("Somebody was authorized to post"),
    EventKind.POSTING_REFUSED: _("An authorization to post was refused"),
    EventKind.POSTING_REQUESTED: _("An authorization to post was asked for"),
    EventKind.POSTING_REVOKED: _("An authorization to post was revoked"),
    EventKind.PROGRAM_ADDED: _("A program was added"),
    EventKind.PROGRAM_CHANGED: _("A program was changed"),
    EventKind.PROGRAM_LEAD_ADDED: _("A lead was added to a program"),
    EventKind.PROGRAM_LEAD_REMOVED: _("A lead was taken from a program"),
    EventKind.RECORDING_AUTHORIZED: _("A recording was authorized"),
    EventKind.RECORDING_ENDED: _("The authorization of a recording was ended"),
    EventKind.RECORDS_VERIFIED: _("The records were verified"),
    EventKind.RECOVERY_CODES_MADE: _("Somebody made recovery codes"),
    EventKind.RECOVERY_CODE_USED: _("Somebody signed in with a recovery code"),
    EventKind.REPORT_ASSIGNED: _("A reported post was given to somebody"),
    EventKind.REPORT_CLOSED: _("A report of a post was closed"),
    EventKind.REPORT_CORRECTED: _("A reported post was corrected"),
    EventKind.REPORT_MADE: _("A post was reported"),
    EventKind.ROSTER_PRINTED: _("Printed a roster"),
    EventKind.RULE_APPROVED: _("A rule was approved"),
    EventKind.RULE_ENDED: _("A rule was ended"),
    EventKind.RULE_REFUSED: _("A rule was refused"),
    EventKind.RULE_REQUESTED: _("A rule was asked for"),
    EventKind.SECOND_FACTOR_ADDED: _("Somebody added a second factor"),
    EventKind.SECOND_FACTOR_REMOVED: _("A second factor was removed"),
    EventKind.SETUP_PUT_AWAY: _("The list of first steps was put away"),
    EventKind.SETUP_STEP_CONFIRMED: _("A first step was confirmed"),
    EventKind.SIGNING_REJECTED: _("A signing was rejected"),
    EventKind.SPOKESPERSON_ENDED: _("Somebody no longer speaks for the city"),
    EventKind.SPOKESPERSON_NAMED: _("Somebody was named a spokesperson"),
    EventKind.STAFF_ADDED: _("A member of staff was added"),
    EventKind.STAFF_CHANGED: _("A member of staff was changed"),
    EventKind.STAFF_INVITED: _("A member of staff was invited"),
    EventKind.STAFF_PASSWORD_CHOSEN: _("A member of staff chose a password"),
    EventKind.STAFF_RESET: _("A member of staff was reset"),
    EventKind.STAFF_RESTORED: _("A member of staff was let in again"),
    EventKind.STAFF_SESSIONS_ENDED: _("Sessions of a member of staff were ended"),
    EventKind.STAFF_SUSPENDED: _("A member of staff was suspended"),
    EventKind.TAKEDOWN_ASSIGNED: _("A takedown was given to somebody"),
    EventKind.TAKEDOWN_CLOSED: _("A takedown was closed"),
    EventKind.TAKEDOWN_OPENED: _("A post with them must come down"),
    EventKind.TOKEN_ADDED: _("A token was added"),
    EventKind.TOKEN_REVOKED: _("A token was revoked"),
    EventKind.TRAINING_ADDED: _("A training was entered"),
    EventKind.TRAINING_ENDED: _("A training was taken back"),
    EventKind.VOIDING_REFUSED: _("A voiding was refused"),
    EventKind.VOIDING_REQUESTED: _("A voiding was asked for"),
    EventKind.WITHDRAWAL_MADE: _("A permission was taken back"),
    EventKind.WITHDRAWAL_VOIDED: _("A withdrawal was voided"),
}
WORDS: dict[Source, dict[str, str]] = {Source.CHECK: CHECKS, Source.LOOK: LOOKS, Source.CHANGE: CHANGES}
HEADINGS = {
    Source.CHECK: _("Answers asked for"),
    Source.LOOK: _("Pages and papers"),
    Source.CHANGE: _("Changes"),
}
NO_PERSON = {
    TERMINAL: _("At the terminal"),
    BY_LINK: _("Whoever holds the link"),
    "demo": _("The demo"),
    "import": _("An import"),
    "kiosk": _("A kiosk"),
    "registry": _("The registry itself"),
    "setup": _("The first start"),
    BY_TICK: _("What comes due by itself"),
}
"""Who is neither a member of staff nor another system."""
STAFF, SYSTEMS, KIOSKS, OTHERS = _("Staff"), _("Other systems"), _("Kiosks"), _("Nobody of these")
A_SYSTEM, A_KIOSK = _("Another system: %(name)s"), _("Kiosk: %(name)s")
ANY = {Source.CHECK: _("Any answer"), Source.LOOK: _("Any page or paper"), Source.CHANGE: _("Any change")}
BY_NOBODY_KNOWN = _("Somebody no longer on record (%(who)s)")


def done(entry: Entry) -> str:
    """What was done. A later version may have recorded what this one has no words for: its own name, then."""
    return say(WORDS[entry.source].get(entry.kind, entry.kind))


def names_of(actors: Actors) -> dict[str, str]:
    """How each of those who may have done something is called."""
    return {choice: name for group in who_to_choose(actors).values() for choice, name in group}


def who_to_choose(actors: Actors) -> Groups:
    """Everybody by their name, under headings."""
    groups = {
        say(STAFF): [(actor.key, actor.name) for actor in actors.staff],
        say(SYSTEMS): [(actor.key, say(A_SYSTEM, name=actor.name)) for actor in actors.tokens],
        say(KIOSKS): [(actor.key, say(A_KIOSK, name=actor.name)) for actor in actors.kiosks],
        say(OTHERS): [(key, say(told)) for key, told in NO_PERSON.items()],
    }
    return {heading: choices for heading, choices in groups.items() if choices}


def called(actor: str, names: Mapping[str, str]) -> str:
    return names.get(actor) or say(BY_NOBODY_KNOWN, who=actor)


def what_to_choose() -> Groups:
    """Each kind under its record, by what it is called; the value is `source:kind`."""
    listed: Groups = {}
    for source, words in WORDS.items():
        choices = [(f"{source.value}:{kind}", say(told)) for kind, told in words.items()]
        every = (f"{source.value}:", say(ANY[source]))
        listed[say(HEADINGS[source])] = [every, *sorted(choices, key=lambda choice: choice[1])]
    return listed
