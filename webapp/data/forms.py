"""The forms of the data pages: files in, what was checked is loaded, a load is undone."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from graph.errors import InputError
from loaders.sources import sources
from queries.quality.accepted import LONGEST_REASON
from webapp.data import uploads
from webapp.data.exports import EXPORTS
from webapp.shell.forms import Expected, PageForm, SignedForm, TextsField, YesField, offered
from webapp.shell.language import joined, language
from webapp.shell.store import current_settings
from webapp.shell.told import told

PROPOSED = "proposed"  # in place of the name of a source that ships


class UploadForm(PageForm):
    """Files to put aside, of which nothing is stored yet."""

    has_files = True

    files = MultipleFileField(
        validators=[Expected()], render_kw={"accept": ".csv,.xlsx,.json,.zip,.yaml,.yml"}
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        limit = current_settings().upload_limit_mb
        self.files.label.text = _("Files, at most %(limit)s MB", limit=limit)

    def kept(self) -> str | None:
        """Put the files aside and return their token; None when they are refused, which is said."""
        if not self.validate():
            return None
        try:
            return uploads.keep(self.files.data or ())
        except InputError as error:
            self.files.errors = [told(error)]
            return None


class GuessForm(UploadForm):
    """Files of a shape that is known by name, or is to be recognised."""

    files = MultipleFileField(validators=[Expected()])
    source = SelectField(_l("What kind of files these are"), default=PROPOSED)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        known = [(each["name"], each["title"]) for each in foreign_sources()]
        unknown = (PROPOSED, _("Not known: recognise the columns"))
        self.source.choices = offered([unknown, *known])


def foreign_sources() -> list[dict[str, str]]:
    """Return the kinds of foreign files that are known, in the language of the page."""
    return [each for each in sources(language()) if each["name"] != "native"]


class DescriptionForm(PageForm):
    """What becomes what, as the text of a description; it is shown or the files are checked."""

    text = TextAreaField(
        _l("What becomes what; it can be changed here (docs/sources.md)"),
        filters=[lambda text: (text or "").replace("\r\n", "\n")],
        render_kw={"spellcheck": "false", "wrap": "off"},
    )
    action = StringField(default="check")  # the button that was pressed


class LoadForm(PageForm):
    """Files that were checked, and how they are loaded."""

    token = HiddenField(default="")
    without = TextsField()
    skip_bad = YesField(widget=HiddenInput())
    confirm = YesField(widget=HiddenInput())


class ExportForm(PageForm):
    """To what kind of file everything that is stored is written."""

    ending = SelectField(_l("A large graph: write the file while this page may be closed"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.ending.choices = offered([(end, title) for end, (title, *_rest) in EXPORTS.items()])


class DoubtedLoadForm(LoadForm):
    """A load of files that look odd: somebody has to say that they looked at it."""

    confirm = YesField(validators=[Expected()])


class AcceptForm(SignedForm):
    """Findings that are meant so, with the reason; `expected` is how many were shown."""

    reason = StringField(
        _l("Why it is right as it is"), [InputRequired(), Length(max=LONGEST_REASON)], default=""
    )
    expected = HiddenField(default="")


class ReopenForm(SignedForm):
    """An acceptance that is taken back: of one finding, or of all that were accepted with it."""

    finding = HiddenField(default="")
    batch = HiddenField(default="")
    do = StringField(default="one")  # the button that was pressed


class UndoForm(SignedForm):
    """Undoing a load as a whole, which is asked twice."""

    confirmed = YesField(_l("Yes, undo the whole load"), [Expected()])

    def validate_confirmed(self, field: Field) -> None:
        """Ask for the box to be ticked."""
        if not field.data:
            raise ValidationError(
                joined(_("Nothing was undone: the box was not ticked."), _("Tick it first."))
            )
