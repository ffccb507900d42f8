"""Operations of the JSON interface: each declares its parameters, its body and its answer.

The declaration stands at the view. It refuses what it does not declare, and the description of the
interface is made from it and from the routes, from nothing else (`webapp/api/openapi.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, TypeVar

from flask import Flask, current_app, request
from werkzeug.routing import Rule

from webapp.shell.asking import AS_OF, Asked, OneOf, refuse_unknown
from webapp.shell.language import LANGUAGES
from webapp.shell.sent_json import Body

_View = TypeVar("_View", bound=Callable[..., Any])


class AnyOperation(Asked):
    """What every operation takes."""

    lang: Annotated[str | None, OneOf(*LANGUAGES)] = None


@dataclass(frozen=True)
class Operation:
    """What one operation takes and answers."""

    answer: Any  # a type, or a class of which `asdict` makes it
    parameters: type[Asked] = Asked
    body: type[Body] | None = None
    status: int = 200
    takes_files: bool = False  # those of a form, or a data set as JSON; parameters stand in either
    is_lenient: bool = False  # what is not declared is left alone, as on a page

    def names(self) -> tuple[str, ...]:
        """Return the names of its parameters."""
        return (*self.parameters.names(), *AnyOperation.names())

    def check(self) -> None:
        """Refuse a request with parameters that are not declared, or cannot be."""
        if self.is_lenient:
            return
        given = request.values if self.takes_files else request.args
        known = (*self.names(), "files") if self.takes_files else self.names()
        pairs = [
            (name, value)
            for name, value in given.items(multi=True)
            if name != AS_OF or "on" not in known  # its older name
        ]
        refuse_unknown(pairs, known, self.parameters.families.values())
        AnyOperation.read()
        self.parameters.read(None if given is request.args else given)


def operation(
    answer: Any,
    parameters: type[Asked] = Asked,
    body: type[Body] | None = None,
    status: int = 200,
    takes_files: bool = False,
    is_lenient: bool = False,
) -> Callable[[_View], _View]:
    """Declare what the operation of a view takes and answers, and hold requests to it."""
    declared = Operation(answer, parameters, body, status, takes_files, is_lenient)

    def decorate(view: _View) -> _View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            declared.check()
            return view(*args, **kwargs)

        checked.operation = declared  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return decorate


def operations(app: Flask | None = None) -> Iterator[tuple[Rule, str, Operation]]:
    """Yield every declared operation with its route and its method."""
    app = app or current_app
    for rule in app.url_map.iter_rules():
        declared = getattr(app.view_functions[rule.endpoint], "operation", None)
        if declared is not None:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method, declared
