"""What is asked of somebody who wants a record voided, and of the second person?"""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from forms.keeping import reason


class VoidingForm(FlaskForm):
    """The mistake, in words that the second person can judge."""

    reason = reason(
        _("What is wrong with it?"),
        description=_("Such as: entered for the wrong child. The second person reads it and decides."),
    )


class DecisionForm(FlaskForm):
    """Two buttons and nothing to type."""
