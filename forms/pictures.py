"""Which picture is to be given its stamp?"""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField


class PictureForm(FlaskForm):
    picture = FileField(
        _("The picture"),
        description=_("A JPEG, a PNG or a WebP; 20 MB and 26 megapixels at most."),
        render_kw={"accept": "image/jpeg,image/png,image/webp", "class_": "usa-file-input"},
    )
