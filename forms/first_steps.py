"""What is asked on the pages of the first steps?"""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired

from forms.fields import AtMost, Required, trimmed

PART_AT_MOST = 60


class NamesForm(FlaskForm):
    """Together they stand on every page and paper, and in what families sign."""

    city = StringField(
        _("The city"),
        description=_("As it stands before the department's name, such as: City of Exampleton."),
        filters=[trimmed],
        validators=[Required(_("the name of the city")), AtMost(PART_AT_MOST)],
        render_kw={"autocomplete": "off"},
    )
    department = StringField(
        _("The department"),
        description=_("Such as: Recreation Department."),
        filters=[trimmed],
        validators=[Required(_("the name of the department")), AtMost(PART_AT_MOST)],
        render_kw={"autocomplete": "off"},
    )


class TimeZoneForm(FlaskForm):
    """Somebody looked at a clock."""

    right = BooleanField(
        _("This is the time on the wall"), validators=[DataRequired(_("Tick this if the time above is right"))]
    )


class StarterForm(FlaskForm):
    """What was read is told by its hash."""

    text_sha256 = HiddenField()
    read = BooleanField(
        _("I have read the form in English and in Spanish"),
        validators=[DataRequired(_("Tick this once you have read it in both languages"))],
    )


class BackupForm(FlaskForm):
    """Somebody answers for it."""

    made = BooleanField(
        _("Backups are made, and somebody looks after them"),
        validators=[DataRequired(_("Tick this once backups are made"))],
    )
