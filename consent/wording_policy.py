"""Which clause of policy 6.5 does each part of the registry keep? The one table of clauses and pages."""

from typing import NamedTuple

from consent.domain.vocabulary import Reason
from consent.wording import _


class Clause(NamedTuple):
    """What a clause asks for, what the registry does for it, and on which page; without a page, nothing of its own."""

    number: str
    asks: str
    does: str
    page: str | None = None


CLAUSES = (
    Clause(
        "II.a",
        _("Whoever uses social media for the department keeps to the policy."),
        _("Each version is entered with the day from which it is in force, and each rule names its clause."),
        "versions.entries",
    ),
    Clause(
        "II.b",
        _("Administrators assign who may use which account, and the director approves it."),
        _("An administrator asks, a director who is somebody else decides, and it ends on its last day or at once."),
        "accounts.entries",
    ),
    Clause(
        "II.c",
        _("Only the department's approved platforms and accounts are used."),
        _("Any other platform or account is refused, and a closed one cannot be chosen anywhere."),
        "accounts.entries",
    ),
    Clause(
        "II.d",
        _("What is posted has nothing harmful in it, and its links have been looked at."),
        _("Whoever clears a post answers a checklist; no post is cleared without it."),
    ),
    Clause(
        "II.e",
        _("Accounts are watched and mended promptly, and whoever posts is trained first."),
        _(
            "A training counts until its last day; without one that counts, nobody clears a post. Anybody on staff "
            "reports what should not stand, and it is assigned, corrected and closed."
        ),
        "training.entries",
    ),
    Clause(
        "III.b",
        _("What is published can be kept and passed on by anybody."),
        _("Every form says before it is signed that a picture cannot be called back once it is on the internet."),
    ),
    Clause(
        "III.c",
        _("Only whom management has authorized speaks for the city."),
        _("A director names spokespersons, each from one day to another."),
        "spokespersons.entries",
    ),
    Clause(
        "III.g",
        _("Employees may repost what the city itself has published."),
        _(
            "A permission to repost is asked for on its own. Whoever takes a post of the city down confirms that staff "
            "were asked to remove what they reposted of it."
        ),
        "takedowns.tasks",
    ),
    Clause(
        "III.h",
        _("Nothing confidential, no private data and no non-public premises are published."),
        _("The checklist of a post asks for each of the three, and none may stay open."),
    ),
    Clause(
        "III.i",
        _("Laws on records, privacy and copyright are kept."),
        _("Nothing that was signed is ever edited or deleted, and a ledger shows that it was not."),
    ),
    Clause(
        "III.j",
        _("Everybody on the staff is given the policy and acknowledges it in writing."),
        _("Each signs for themself, a new version asks again, and the signed paper is kept for the employee's file."),
        "policy.acknowledgements",
    ),
    Clause(
        "III.k",
        _("A patron is shown, tagged, followed or written to only with prior written permission."),
        _("Every answer rests on what somebody entitled has signed before; whatever is not signed is a no."),
        "lookup.look_up",
    ),
    Clause(
        "IV.a.ii",
        _("Whoever works with minors does not use a phone in front of them."),
        _("A printed roster and a card say the same as the look-up, and no personal phone is needed for any of it."),
        "rosters.programs",
    ),
    Clause(
        "IV.a.iii",
        _("Nobody records at work unless a supervisor lets them, and a program's staff know how to reach each other."),
        _("A supervisor authorizes device, program, time and kind of media; a note is given before a program."),
        "recordings.entries",
    ),
    Clause(
        "IV.a.iv",
        _("A work area may have rules of its own, which the director approves."),
        _("Rules are asked for, approved by a director, shown on look-up and rosters, and kept by the post gate."),
        "rules.entries",
    ),
    Clause(
        "VI",
        _("Breaking the policy has consequences."),
        _("The record of looking says who did what and when; it judges nobody."),
        "looks.looks",
    ),
)
"""In the order of the policy. What it asks of private conduct is not the registry's to watch."""

ON_PLATFORMS = frozenset({Reason.PLATFORM_NOT_APPROVED})
CLAUSE_OF_REASON: dict[Reason, str] = {reason: "II.c" if reason in ON_PLATFORMS else "III.k" for reason in Reason}
"""Why an answer is no, by the clause that says so."""
