"""What is asked before somebody is held back from everything, and before a hold is lifted?"""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from forms.keeping import FormReference, moment, reason


class HoldForm(FlaskForm):
    """Why, and from when. An end is better left open: it is never moved later."""

    reference = FormReference()
    reason = reason(
        _("Why?"),
        description=_(
            "For records officers and administrators only. Nobody else ever sees it, or that there is a hold."
        ),
    )
    since = moment(_("From when?"), description=_("Leave it empty for now."))
    until = moment(
        _("Until when?"),
        description=_("Leave it empty unless an order names the end: it can be moved earlier, never later."),
    )


class LiftForm(FlaskForm):
    """Why it is no longer needed, and from when."""

    reason = reason(_("Why is it lifted?"), description=_("Who released it, and which paper says so."))
    until = moment(
        _("From when?"), description=_("Leave it empty for now. Afterwards it can be moved earlier, never later.")
    )
