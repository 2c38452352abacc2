"""How is a failure of the gate said: which clause of policy 6.5 asks for it, who can mend it, and how?"""

from typing import NamedTuple

from consent.domain.gate_codes import GateCode
from consent.domain.gate_facts import ChecklistItem, LimitKind
from consent.domain.vocabulary import Media
from consent.wording import _

YOU = _("You")
AN_ADMINISTRATOR = _("An administrator")
A_DIRECTOR = _("An administrator, and then the director")
A_SUPERVISOR = _("Your supervisor")
THE_SIGNER = _("Whoever may sign for this person, at the front desk")


class Remedy(NamedTuple):
    sentence: str
    clause: str
    who: str
    how: str


FAILURES: dict[GateCode, Remedy] = {
    GateCode.PLATFORM_NOT_APPROVED: Remedy(
        _("The department has not approved this platform for that time."),
        "II.c",
        A_DIRECTOR,
        _("Choose a platform that is approved, or ask for this one."),
    ),
    GateCode.ACCOUNT_NOT_APPROVED: Remedy(
        _("This account is not approved on this platform for that time."),
        "II.c",
        A_DIRECTOR,
        _("Choose an account that is approved, or ask for this one."),
    ),
    GateCode.ACCOUNT_OF_SOMEBODY_ELSE: Remedy(
        _("This is another employee's own account."),
        "II.b",
        YOU,
        _("Choose an account of the department, or let its owner ask."),
    ),
    GateCode.NOT_AUTHORIZED: Remedy(
        _("The director has not authorized you to post on this platform, or it has ended."),
        "II.b",
        A_DIRECTOR,
        _("Ask for an authorization, or let somebody who has one post it."),
    ),
    GateCode.NOT_TRAINED: Remedy(
        _("No social-media training of yours is on file."),
        "II.e",
        AN_ADMINISTRATOR,
        _("Take the training, and let it be entered."),
    ),
    GateCode.TRAINING_LAPSED: Remedy(
        _("Your social-media training is no longer valid."),
        "II.e",
        AN_ADMINISTRATOR,
        _("Take the training again, and let it be entered."),
    ),
    GateCode.POLICY_MISSING: Remedy(
        _("No version of the social-media policy is on file for that time."),
        "II.a",
        AN_ADMINISTRATOR,
        _("Enter the policy that is in force."),
    ),
    GateCode.POLICY_NOT_ACKNOWLEDGED: Remedy(
        _("You have not acknowledged the current version of the social-media policy."),
        "III.j",
        YOU,
        _("Read the policy and acknowledge it."),
    ),
    GateCode.TIME_HAS_PASSED: Remedy(
        _("The planned time has passed: permission comes before a post."),
        "III.k",
        YOU,
        _("Choose a time that lies ahead, or leave it empty to post now."),
    ),
    GateCode.NOTHING_ASKED: Remedy(
        _("People are in it, but not what is to be done with them."),
        "III.k",
        YOU,
        _("Choose what you are about to do."),
    ),
    GateCode.NOBODY_NAMED: Remedy(
        _("Nobody was chosen for this to be done with."),
        "III.k",
        YOU,
        _("Choose whom it is about."),
    ),
    GateCode.CAPTURE_NOT_TOLD: Remedy(
        _("It is not told when and by whom this was recorded."),
        "IV.a.iii",
        YOU,
        _("Say what was recorded, when, by whom and with which device."),
    ),
    GateCode.CAPTURED_LATER: Remedy(
        _("It would be posted before it was recorded."),
        "IV.a.iii",
        YOU,
        _("Correct when it was recorded, or when it is to be posted."),
    ),
    GateCode.RECORDING_NOT_AUTHORIZED: Remedy(
        _("No supervisor had authorized this recording, by this employee, with this device, at that time."),
        "IV.a.iii",
        A_SUPERVISOR,
        _("Do not post it. Before the next recording, ask for an authorization."),
    ),
    GateCode.CONFIDENTIAL_NOT_LOOKED_AT: Remedy(
        _("It is not confirmed that nothing in it is confidential."),
        "III.h",
        YOU,
        _("Look for papers, screens and boards, then confirm it."),
    ),
    GateCode.PRIVATE_DATA_NOT_LOOKED_AT: Remedy(
        _("It is not confirmed that it shows no private data."),
        "III.h",
        YOU,
        _("Look for name tags, addresses, telephone numbers and license plates, then confirm it."),
    ),
    GateCode.PREMISES_NOT_LOOKED_AT: Remedy(
        _("It is not confirmed that it shows no non-public premises."),
        "III.h",
        YOU,
        _("Look for staff rooms, plans and security equipment, then confirm it."),
    ),
    GateCode.LINKS_NOT_LOOKED_AT: Remedy(
        _("It is not confirmed that its links were looked at."),
        "II.d",
        YOU,
        _("Open each link, then confirm it. Without links, confirm that there are none."),
    ),
    GateCode.RULE_FORBIDS: Remedy(
        _("A rule of this platform or work area forbids it."),
        "IV.a.iv",
        A_DIRECTOR,
        _("Leave it out, or choose another platform."),
    ),
    GateCode.PERSON_UNIDENTIFIED: Remedy(
        _("Somebody in it is not known. Do not post it."),
        "III.k",
        YOU,
        _("Crop or blur them, or ask now who they are and check them."),
    ),
    GateCode.HEADCOUNT_DIFFERS: Remedy(
        _("The number of people in it is not the number of people checked."),
        "III.k",
        YOU,
        _("Count again, and check everybody in it."),
    ),
    GateCode.PERSON_NOT_ALLOWED: Remedy(
        _("This person may not be part of it."),
        "III.k",
        THE_SIGNER,
        _("Crop or blur them, or leave it unposted."),
    ),
    GateCode.RECORDING_NOT_ALLOWED: Remedy(
        _("Nobody had allowed that this person is recorded when it was recorded."),
        "III.k",
        YOU,
        _("Cut them out, or leave it unposted: a later yes does not reach back."),
    ),
    GateCode.LIMIT_NOT_SEEN: Remedy(
        _("A limit was not confirmed."),
        "III.k",
        YOU,
        _("Read each limit, and tick it."),
    ),
}

CHECKLIST_ITEMS: dict[ChecklistItem, str] = {
    ChecklistItem.NOTHING_CONFIDENTIAL: _("Nothing in it is confidential"),
    ChecklistItem.NO_PRIVATE_DATA: _("It shows no private data of anybody"),
    ChecklistItem.NO_NON_PUBLIC_PREMISES: _("It shows no premises, plans or property that are not public"),
    ChecklistItem.LINKS_LOOKED_AT: _("I have looked at every link in it, or it has none"),
}

LIMITS: dict[LimitKind, str] = {
    LimitKind.NOT_NAMED: _("Do not print their names"),
    LimitKind.NOT_TAGGED: _("Do not tag or mention their accounts"),
    LimitKind.NOT_ELSEWHERE: _("Do not share their picture on other platforms"),
}

MEDIA: dict[Media, str] = {
    Media.STILL: _("Still pictures"),
    Media.MOVING: _("Moving pictures"),
    Media.VOICE: _("Voice"),
}
