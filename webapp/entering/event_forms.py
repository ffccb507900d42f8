"""The forms of events: one notice, many in a table, undoing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from loaders.events import Notice
from loaders.events.table import HEADINGS
from webapp.entering.event_words import offered_kinds
from webapp.entering.rows_field import TypedRowsField, with_blanks
from webapp.shell import words
from webapp.shell.forms import DayField, SignedForm, YesField, offered
from webapp.shell.language import language


class EventForm(SignedForm):
    """What a notice says: what happened to whom, from which day, by which document."""

    kind = SelectField(_l("What happened"), [InputRequired()])
    person = StringField(_l("Person (id)"), [InputRequired()])
    on = DayField(_l("From which day"), [InputRequired()])
    post = StringField(
        _l("Post (id)"),
        description=_l("Of an appointment, a secondment, or a change of secretary."),
    )
    to = StringField(
        _l("Where to"),
        description=_l(
            "Of a hand-over the id of the new {mentor}, of a pair the other person; else a place."
        ),
    )
    until = DayField(_l("Until"), description=_l("Of a leave or a posting, where it is known."))
    posting = SelectField(_l("Kind of posting"), default="")
    document = StringField(_l("Document number"))
    concurrent = YesField(_l("Beside the post held (concurrent)"))
    acting = YesField(_l("Acting: no rank, the post stays vacant"))
    reason = StringField(_l("Reason, where something is doubtful"), default="")
    do = StringField(default="tell")  # the button that was pressed

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = offered(offered_kinds())
        self.posting.choices = offered(posting_kinds())

    @property
    def notice(self) -> Notice:
        """Return what was written as a notice."""
        return Notice(
            self.kind.data,
            self.person.data.strip(),
            self.on.data,
            post=_given(self.post),
            to=_given(self.to),
            document=_given(self.document),
            until=_given(self.until),
            concurrent=self.concurrent.data,
            acting=self.acting.data,
            posting_kind=_given(self.posting),
        )


def _given(field: Field) -> str | None:
    return (field.data or "").strip() or None


def posting_kinds() -> list[tuple[str, str]]:
    """Return key and title of the kinds of posting, the usual one first."""
    listed = words.programme().rotation_kinds
    return [("", _("the usual one")), *((each.key, each.text(language())) for each in listed)]


class ManyEventsForm(SignedForm):
    """Many notices in one table; what they share is written once."""

    kind = SelectField(_l("What happened"), default="")
    on = DayField(_l("From which day"))
    post = StringField(_l("Post"), description=_l("Where all take posts of one title."))
    posting = SelectField(_l("Kind of posting"), default="")
    document = StringField(_l("Document number"))
    rows = TypedRowsField(HEADINGS)
    reason = StringField(_l("Reason for every doubt without one of its own"), default="")
    pasted = TextAreaField(_l("Rows copied from a spreadsheet"))
    file = FileField(_l("Or a file of rows (.xlsx, .csv, .json)"))
    do = StringField(default="tell")  # the button that was pressed
    has_files = True

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = offered([("", _("as each row says")), *offered_kinds()])
        self.posting.choices = offered(posting_kinds())

    @property
    def shared(self) -> Mapping[str, str]:
        """Return what fills the empty cells of all rows."""
        names = ("kind", "on", "post", "posting", "document")
        texts = {name: (self[name].data or "").strip() for name in names}
        return {name: text for name, text in texts.items() if text}

    def with_blanks(self) -> Sequence[Mapping[str, str]]:
        """Return the rows with some blank ones below."""
        return with_blanks(self.rows.data)


class UndoEventForm(SignedForm):
    """Undoing an event with all that it brought."""
