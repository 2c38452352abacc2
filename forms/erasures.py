"""What is asked of somebody who wants a person's data erased, and of the second person?"""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Optional

from forms.fields import AtMost, Required, trimmed
from forms.keeping import REASON_AT_MOST, reason


class ErasureForm(FlaskForm):
    """Why, and what allows it. Both are kept for good."""

    reason = reason(
        _("Why is it to be erased?"),
        description=_("Such as: the retention is over, or the family asked for it. Name nobody: this stays for good."),
    )
    legal_basis = TextAreaField(
        _("What allows it?"),
        description=_("The retention schedule with its number and item, a law, or a court's order."),
        filters=[trimmed],
        validators=[Required(_("what allows it")), AtMost(REASON_AT_MOST)],
    )


class DecisionForm(FlaskForm):
    """Why before its time, where it is."""

    despite = TextAreaField(
        _("Why is it erased before its time?"),
        description=_("Such as: a court ordered it. Name nobody: this stays for good."),
        filters=[trimmed],
        validators=[Optional(), AtMost(REASON_AT_MOST)],
    )
