"""What is asked of somebody who verifies the records?"""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import ValidationError

from consent.domain.checkpoints import CheckpointUnreadable, Given, read_given
from forms.fields import AtMost, trimmed


class VerificationForm(FlaskForm):
    """Nothing, or the line from a roster that was printed before."""

    checkpoint = StringField(
        _("Ledger line from an older roster, if you have one"),
        description=_(
            "Such as 12431 3F2A 9C01 D4E5 77B0 1122. It shows whether the end was cut off or an old copy put back."
        ),
        filters=[trimmed],
        validators=[AtMost(1000)],
    )

    def validate_checkpoint(self, field: StringField) -> None:
        try:
            read_given(field.data or "1 0000000000000000")
        except CheckpointUnreadable as wrong:
            raise ValidationError(gettext("Type the number of entries, and then the groups after it")) from wrong

    def given(self) -> Given | None:
        return read_given(self.checkpoint.data) if self.checkpoint.data else None
