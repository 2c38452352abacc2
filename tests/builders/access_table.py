"""Who may open which page? What the department decided, route by route; the tests hold every route against it."""

from collections.abc import Mapping
from typing import Final

from tests.builders.walk import Who

LEADS = frozenset({Who.PROGRAM_LEAD, Who.OTHER_LEAD})
EVERY_ROLE = LEADS | {Who.ADMINISTRATOR, Who.DIRECTOR, Who.FRONT_DESK, Who.POSTER, Who.RECORDS_OFFICER}
THE_DESK = frozenset({Who.ADMINISTRATOR, Who.FRONT_DESK})
THE_RECORDS = THE_DESK | {Who.RECORDS_OFFICER}
THE_KIOSK = frozenset({Who.KIOSK})
ANYBODY = frozenset(Who)
A_TOKENS_HOLDER: Final[frozenset[Who]] = frozenset()

TABLE: Mapping[str, tuple[frozenset[Who], str]] = {
    "anybody": (
        ANYBODY,
        """
        GET      /C/<code>
        GET      /c/<code>
        GET      /api/v1/openapi.json
        GET      /copy/<token>
        GET      /copy/<token>/copy.pdf
        GET      /signed/<token>
        GET POST /verify
        GET      /verify/verify_copy.py
        GET POST /first-sign-in/<token>
        GET      /healthz
        GET      /kiosk/alive
        GET POST /kiosk/enroll/<token>
            POST /language
        GET POST /setup
        GET POST /sign-in
            POST /sign-out
        GET      /static/<path:filename>
        """,
    ),
    "another system with a token": (
        A_TOKENS_HOLDER,
        """
            POST /api/v1/checks
        """,
    ),
    "a device that is a kiosk": (
        THE_KIOSK,
        """
        GET POST /kiosk
        GET POST /kiosk/another
        GET      /kiosk/cannot-sign/<any(relationship,age):reason>
        GET POST /kiosk/child/<int:number>
        GET POST /kiosk/child/<int:number>/accounts
        GET POST /kiosk/child/<int:number>/answers
            POST /kiosk/child/<int:number>/leave-out
        GET POST /kiosk/child/<int:number>/limits
        GET      /kiosk/child/<int:number>/of-age
        GET      /kiosk/done
        GET      /kiosk/finished
            POST /kiosk/here
            POST /kiosk/language
            POST /kiosk/over
        GET      /kiosk/paper
        GET      /kiosk/review
        GET POST /kiosk/sign
        GET POST /kiosk/signer
        GET      /kiosk/staff
            POST /kiosk/staff/close
            POST /kiosk/staff/display
        GET POST /kiosk/staff/enter
            POST /kiosk/staff/out-of-order
        GET      /kiosk/under-18
        GET POST /kiosk/who
        """,
    ),
    "all staff": (
        EVERY_ROLE,
        """
        GET      /
        GET      /R/<serial>
        GET      /account
        GET POST /account/authenticator
        GET POST /account/authenticator/<int:key>/remove
        GET POST /account/password
        GET POST /account/recovery-codes
        GET      /account/second-factor
        GET POST /account/security-key
        GET POST /account/security-key/<int:key>/remove
            POST /account/sessions/<int:key>/end
            POST /account/sessions/end-others
        GET      /reports
        GET      /reports/<number>
        GET POST /reports/new
        GET POST /group-check
        GET      /group-check/<int:number>
            POST /group-check/<int:number>/close
            POST /group-check/<int:number>/headcount
            POST /group-check/<int:number>/people
            POST /group-check/<int:number>/plan
            POST /group-check/<int:number>/remove
        GET      /group-check/<int:number>/roster
            POST /group-check/<int:number>/undo
            POST /group-check/<int:number>/unidentified
        GET      /look-up
        GET      /look-up/people
        GET      /policy
        GET      /policy/accounts
        GET POST /policy/acknowledge
        GET      /policy/acknowledgement.pdf
        GET      /policy/notes
        GET      /policy/recordings
        GET      /policy/rules
        GET      /policy/spokespersons
        GET      /policy/versions
        GET      /sign-in/again
            POST /sign-in/again/form
            POST /sign-in/again/password
            POST /sign-in/again/touch
        """,
    ),
    "whoever gave a password": (
        frozenset(),
        """
        GET      /sign-in/second
            POST /sign-in/second/code
        GET POST /sign-in/second/recovery-code
            POST /sign-in/second/touch
        """,
    ),
    "whoever sees the dashboard": (
        EVERY_ROLE - {Who.POSTER},
        """
        GET      /dashboard
        GET      /dashboard/ending
        GET      /dashboard/forecast
        GET      /dashboard/rosters
        GET      /dashboard/programs/<path:program>
        """,
    ),
    "whoever prints rosters": (
        THE_DESK | LEADS,
        """
        GET      /programs
        GET      /programs/<path:program>/roster
        GET      /programs/<path:program>/roster.pdf
        """,
    ),
    "the desk": (
        THE_DESK,
        """
        GET      /cards
        GET POST /cards/sheet.pdf
        GET      /desk/paper
        GET      /desk/paper/<paper>/scan.pdf
        GET      /desk/paper/<paper>/scan/<int:page>.png
        GET POST /desk/paper/enter
        GET      /desk/paper/forms
        GET      /desk/paper/forms/<path:form>/<int:version>/<language>.pdf
        GET      /desk/signings
        GET POST /desk/signings/<reference>
        GET      /desk/signings/<reference>/copy.pdf
        GET POST /desk/signings/<reference>/correct
        GET POST /desk/signings/<reference>/reject
        GET      /desk/signings/waiting
        GET POST /guardianships/<int:key>/end
        GET POST /kiosks
            POST /kiosks/<int:kiosk>/out-of-order
        GET POST /kiosks/<int:kiosk>/pin
            POST /kiosks/address
        GET POST /patrons/<path:patron>/card.pdf
        GET POST /patrons/<path:patron>/correct
        GET POST /patrons/<path:patron>/guardians/<path:guardian>/correct
        GET POST /patrons/<path:patron>/guardians/add
        GET POST /patrons/<path:patron>/programs
            POST /patrons/<path:patron>/programs/end
        GET POST /programs/<path:program>/people
            POST /programs/<path:program>/people/end
        """,
    ),
    "whoever works with records": (
        THE_RECORDS,
        """
        GET POST /consents/<path:record>/void
        GET      /patrons/<path:patron>
        GET POST /patrons/<path:patron>/hold
        GET POST /patrons/<path:patron>/withdraw
        GET      /dashboard/withdrawals
        GET      /voidings
        GET      /voidings/<int:key>
            POST /voidings/<int:key>/refuse
            POST /voidings/<int:key>/second
        GET      /withdrawals/<path:withdrawal>
        GET      /withdrawals/<path:withdrawal>/slip.pdf
        GET POST /withdrawals/<path:record>/void
        """,
    ),
    "whoever may see what was cleared": (
        frozenset({Who.ADMINISTRATOR, Who.DIRECTOR, Who.POSTER, Who.RECORDS_OFFICER}),
        """
        GET      /P/<number>
        GET      /clearances
        GET      /clearances/<number>
        GET      /clearances/<number>/certificate.pdf
        GET      /takedowns
        GET      /takedowns/<int:key>
        """,
    ),
    "whoever corrects posts": (
        frozenset({Who.ADMINISTRATOR, Who.DIRECTOR, Who.POSTER}),
        """
            POST /reports/<number>/<any(corrected,closed):step>
            POST /reports/<number>/assign
            POST /takedowns/<int:key>/assign
            POST /takedowns/<int:key>/close
        """,
    ),
    "whoever posts": (
        frozenset({Who.POSTER}),
        """
            POST /clearances/<number>/clear
            POST /clearances/<number>/picture
            POST /clearances/<number>/post
        GET POST /clearances/new
        """,
    ),
    "whoever may verify the records": (
        frozenset({Who.ADMINISTRATOR, Who.RECORDS_OFFICER}),
        """
        GET POST /ledger
        """,
    ),
    "whoever may know of a hold": (
        frozenset({Who.ADMINISTRATOR, Who.RECORDS_OFFICER}),
        """
        GET      /holds/<path:hold>
        """,
    ),
    "whoever may approve an erasure": (
        frozenset({Who.DIRECTOR, Who.RECORDS_OFFICER}),
        """
        GET      /erasures
        GET      /erasures/<int:key>
            POST /erasures/<int:key>/approve
            POST /erasures/<int:key>/refuse
        """,
    ),
    "records officers": (
        frozenset({Who.RECORDS_OFFICER}),
        """
        GET POST /patrons/<path:patron>/erase
        GET POST /holds/<path:hold>/lift
        GET      /looks
        GET      /looks/<int:source>/<int:key>
        GET      /looks/file.csv
        """,
    ),
    "administrators": (
        frozenset({Who.ADMINISTRATOR}),
        """
        GET      /first-steps
        GET      /health
        GET POST /first-steps/backup
        GET POST /first-steps/form
        GET POST /first-steps/names
            POST /first-steps/put-away
        GET POST /first-steps/time-zone
            POST /kiosks/policy
        GET POST /policy/accounts/add
            POST /policy/accounts/<int:key>/end
        GET POST /policy/training/add
            POST /policy/training/<int:key>/end
        GET POST /policy/versions/add
        GET POST /platforms
        GET POST /platforms/<path:platform>/close
        GET POST /programs/<path:program>/edit
        GET POST /programs/new
        GET POST /staff
        GET POST /staff/<int:staff>
            POST /staff/<int:staff>/authorizations
            POST /staff/<int:staff>/reset
            POST /staff/<int:staff>/restore
            POST /staff/<int:staff>/suspend
            POST /staff/authorizations/<int:key>/revoke
        GET POST /staff/new
        """,
    ),
    "administrators and directors": (
        frozenset({Who.ADMINISTRATOR, Who.DIRECTOR}),
        """
        GET      /policy/acknowledgements
        GET      /policy/acknowledgements/<int:key>.pdf
        GET      /policy/training
        """,
    ),
    "whoever writes to a program's staff": (
        LEADS | {Who.ADMINISTRATOR},
        """
        GET POST /policy/notes/add
            POST /policy/notes/<int:key>/end
        GET POST /policy/rules/add
        """,
    ),
    "supervisors": (
        LEADS | {Who.ADMINISTRATOR, Who.DIRECTOR},
        """
        GET POST /policy/recordings/add
            POST /policy/recordings/<int:key>/end
        """,
    ),
    "directors": (
        frozenset({Who.DIRECTOR}),
        """
        GET      /authorizations
            POST /policy/accounts/<int:key>/approve
            POST /policy/accounts/<int:key>/refuse
            POST /policy/rules/<int:key>/approve
            POST /policy/rules/<int:key>/end
            POST /policy/rules/<int:key>/refuse
        GET POST /policy/spokespersons/add
            POST /policy/spokespersons/<int:key>/end
            POST /authorizations/<int:key>/approve
            POST /authorizations/<int:key>/refuse
            POST /authorizations/<int:key>/revoke
        """,
    ),
}
"""A group of routes, for whom each of them opens, and their methods. HEAD and OPTIONS open for the same people."""
OF_ONE_PROGRAM = frozenset({
    "/R/<serial>", "/dashboard/programs/<path:program>",
    "/programs/<path:program>/roster", "/programs/<path:program>/roster.pdf",
    "/policy/notes/<int:key>/end", "/policy/recordings/<int:key>/end",
})  # fmt: skip
"""Of these, the lead of another program is told that there is no such thing."""


OF_ONES_OWN = frozenset(
    {
        "/account/authenticator/<int:key>/remove",
        "/account/security-key/<int:key>/remove",
        "/group-check/<int:number>",
        *(
            f"/group-check/<int:number>/{step}"
            for step in ("close", "headcount", "people", "plan", "remove", "roster", "undo", "unidentified")
        ),
    }
)
"""Of these, everybody is told that there is no such thing but whose it is."""


def groups() -> dict[tuple[str, str], str]:
    """The group of each method and route. A route that stands in two groups fails here."""
    found: dict[tuple[str, str], str] = {}
    for group, (_who, lines) in TABLE.items():
        for line in lines.split("\n"):
            *methods, rule = line.split() or [""]
            for method in methods:
                assert (method, rule) not in found, f"{method} {rule} stands in two groups"
                found[method, rule] = group
    return found


def expected(group: str, rule: str, who: Who) -> int | str | None:
    """What somebody must get who may not open it; None where it opens."""
    open_to = TABLE[group][0]
    if (who is Who.OTHER_LEAD and rule in OF_ONE_PROGRAM) or (who in open_to and rule in OF_ONES_OWN):
        return 404
    if who in open_to:
        return None
    if group == "whoever gave a password":
        return "sign in"
    if open_to is A_TOKENS_HOLDER:
        return 401
    if open_to is THE_KIOSK or who in EVERY_ROLE:
        return 403
    return "sign in"
