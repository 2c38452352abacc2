"""Is this file a copy that the registry gave out?"""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class VerifyForm(FlaskForm):
    copy = FileField(
        _("The signed copy"),
        description=_("The PDF file, just as you got it. Printed and scanned again, it is another file."),
        validators=[FileRequired(_("Choose the file of the copy"))],
        render_kw={"accept": "application/pdf", "class_": "usa-file-input"},
    )
