"""The errors a caller can meet, in one tree.

```
AppError            500, exit 1
+ ConfigError       500, exit 2   a setting is wrong or missing
+ InputError        400, exit 1   a person can mend it: parameter, row, file; carries problems
| + UsageError      400, exit 2   an unknown name or a bad parameter of a question
+ NotFound          404, exit 1   an id that the caller asked for is not stored
+ Conflict          409, exit 1   a key or a rule of the graph would be broken
+ StoreError        503, exit 3   the engine is away, busy, damaged or out of time
| + StoreHeld       503, exit 3   another process holds the embedded file
+ ReadOnlyStore     403, exit 3   the store, or the folder beside it, can only be read
```
No path, no plan, nobody found are results, never errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Annotated, Any, NotRequired

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.own_words import in_words


@dataclass(frozen=True)
class Problem:
    """One thing wrong (or doubtful) in a data set, with its place and the next step."""

    severity: str  # "error" or "warning"
    file: str | None
    sheet: str | None
    row: int | None  # as a spreadsheet shows it: the heading is row 1
    column: str | None
    value: str | None
    code: str
    message: str
    hint: str | None
    count: int = 1  # of rows; one problem stands for those of its kind that are too many to list

    def as_dict(self) -> ProblemRow:
        """Return the fields of CONTRACT's problem object, `count` where it stands for several."""
        fields = asdict(self)
        if self.count == 1:
            del fields["count"]
        return fields

    def __str__(self) -> str:
        place = [str(self.file)] if self.file else []
        if self.sheet:
            place.append(f"sheet {self.sheet}")
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column:
            place.append(str(self.column))
        sentence = f"{', '.join(place)}: {self.message}" if place else self.message
        return f"{sentence} {self.hint}" if self.hint else sentence


ProblemRow = Annotated[dict[str, Any], FieldsOf(Problem, count=NotRequired[int])]


class ProblemDetails(TypedDict):
    """An error as RFC 9457 writes it."""

    type: str
    title: str
    status: int
    detail: str
    hint: str | None
    problems: NotRequired[list[ProblemRow]]  # of a data set


def count_of(problems: Iterable[Problem], severity: str) -> int:
    """Count problems of a severity, those too that are only counted."""
    return sum(problem.count for problem in problems if problem.severity == severity)


def N_(text: str) -> str:
    """Mark a text for the translators; it is translated where it is shown."""
    return text


def _as_it_is(text: str) -> str:
    return text


class AppError(Exception):
    """Say what went wrong in one sentence, and what to do next in `hint`.

    Both are templates with `%(name)s` for each of `values`, so that the page can show them in the
    reader's language; `message` and `hint` hold the English text.
    """

    status = 500
    exit_code = 1
    title = N_("Something went wrong")

    def __init__(
        self,
        message: str,
        hint: str | None = None,
        problems: Iterable[Problem] = (),
        **values: object,
    ) -> None:
        super().__init__(message)
        self.templates = (message, hint)
        self.values = values
        self.problems = tuple(problems)
        self.message, self.hint = self.translated(_as_it_is)

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message

    def translated(self, translate: Callable[[str], str]) -> tuple[str, str | None]:
        """Return message and hint in the language of `translate`."""
        message, hint = self.templates
        return self._filled(translate(message)), self._filled(translate(hint)) if hint else None

    def _filled(self, template: str) -> str:
        said = in_words(template)  # in English; a page has put the programme's own already
        return said % self.values if self.values else said

    def as_problem_details(self, translate: Callable[[str], str] = _as_it_is) -> ProblemDetails:
        """Return the RFC 9457 object that the JSON interface and `--json` print."""
        message, hint = self.translated(translate)
        details: ProblemDetails = {
            "type": f"urn:problem:{type(self).__name__}",
            "title": translate(self.title),
            "status": self.status,
            "detail": message,
            "hint": hint,
        }
        if self.problems:
            details["problems"] = [problem.as_dict() for problem in self.problems]
        return details


class ConfigError(AppError):
    """A setting is wrong or missing; found at start."""

    status = 500
    exit_code = 2
    title = N_("A setting is wrong")


class InputError(AppError):
    """Something that was given is wrong, and the giver can mend it."""

    status = 400
    exit_code = 1
    title = N_("The input has a problem")


class UsageError(InputError):
    """A question or a parameter that does not exist, or a value it cannot take."""

    exit_code = 2
    title = N_("Unknown name or bad parameter")


class NotFound(AppError):
    """The id that the caller asked for is not stored."""

    status = 404
    exit_code = 1
    title = N_("Not found")


class Conflict(AppError):
    """A key or a rule of the graph would be broken."""

    status = 409
    exit_code = 1
    title = N_("This contradicts what is stored")


class StoreError(AppError):
    """The engine is away, held by somebody else, damaged or out of time."""

    status = 503
    exit_code = 3
    title = N_("The store does not answer")


class StoreHeld(StoreError):
    """Another process holds the embedded file."""


class ReadOnlyStore(AppError):
    """The store, or the folder beside it, may be read and not written."""

    status = 403
    exit_code = 3
    title = N_("The store can only be read")
