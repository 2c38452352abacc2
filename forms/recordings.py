"""What is asked of a supervisor who lets a colleague use a camera or a recorder?"""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectChoice

from consent.domain.vocabulary import Media
from consent.wording import say
from consent.wording_gate import MEDIA
from forms.fields import Chosen
from forms.keeping import IsThere, MomentField, name
from forms.registers import Choices, offer_people, offer_programs, person, program
from forms.withdrawals import Ticks


def needed_moment(label: object, thing: object) -> MomentField:
    return MomentField(label, format=["%Y-%m-%dT%H:%M"], validators=[IsThere(thing)], render_kw={"autocomplete": "off"})


class RecordingForm(FlaskForm):
    """Never about oneself, and never for ever."""

    person = person()
    device = name(_("Device of the department"), _("the device"))
    program = program()
    media = Ticks(_("What may be recorded?"), validators=[Chosen(_("one kind at least"))])
    starts_at = needed_moment(_("From"), _("from when"))
    ends_at = needed_moment(_("Until"), _("until when"))

    def offer(self, people: Iterable[tuple[int, str]], programs: Choices, *, language: str) -> None:
        offer_people(self.person, people)
        offer_programs(self.program, programs)
        self.media.choices = [SelectChoice(media.value, say(label, language)) for media, label in MEDIA.items()]

    @property
    def chosen_media(self) -> frozenset[Media]:
        return frozenset(Media(media) for media in self.media.data or ())
