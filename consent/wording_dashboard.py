"""How are the numbers of the dashboard called: how people stand, why a permission ends, what becomes of it?"""

from consent.domain.dashboard import Ending, Outlook
from consent.domain.vocabulary import Shown
from consent.wording import _

STANDINGS: dict[Shown, str] = {
    Shown.YES: _("Yes"),
    Shown.LIMITS: _("With limits"),
    Shown.NO: _("No"),
    Shown.NOT_KNOWN: _("Not known"),
}
STANDING_SIGNS: dict[Shown, str] = {Shown.YES: "✓", Shown.LIMITS: "△", Shown.NO: "✕", Shown.NOT_KNOWN: "?"}
STANDING_MEANINGS: dict[Shown, str] = {
    Shown.YES: _("They may be recorded, shown, named and tagged until the day ends."),
    Shown.LIMITS: _("A photo of them may be posted until the day ends, but not everything else."),
    Shown.NO: _("Do not. Leave them out of every picture."),
    Shown.NOT_KNOWN: _("Do not: there is no permission to rely on. Ask them, or a parent or guardian, to sign."),
}
ENDINGS: dict[Ending, str] = {
    Ending.LAPSES: _("Lapses"),
    Ending.COMES_OF_AGE: _("Comes of age"),
}
ENDING_MEANINGS: dict[Ending, str] = {
    Ending.LAPSES: _("Their permission ends. Ask whoever may sign for them to sign again."),
    Ending.COMES_OF_AGE: _("A guardian's yes ends on that day. Ask them to sign for themselves."),
}
OUTLOOKS: dict[Outlook, str] = {
    Outlook.LAPSED: _("Will have lapsed"),
    Outlook.CAME_OF_AGE: _("Will have come of age"),
    Outlook.CONFLICT: _("Will be in conflict"),
    Outlook.NO: _("No"),
    Outlook.NOT_KNOWN: _("Not known"),
    Outlook.LIMITS: _("May be shown with limits"),
    Outlook.YES: _("May be shown"),
}
