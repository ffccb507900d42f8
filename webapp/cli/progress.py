"""How far long work is, on standard error, for a person at a terminal and for nobody else."""

from __future__ import annotations

import sys
from typing import Any

import click


class Progress:
    """One line that is written over: a bar where the total is known, a count or a word else."""

    def __init__(self, as_json: bool) -> None:
        self._is_shown = sys.stderr.isatty() and not as_json
        self._label = ""
        self._bar: Any = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def share(self, label: str, done: int, total: int) -> None:
        """Show which part of something is done; what is another thing begins a line."""
        if not self._is_shown:
            return
        if label != self._label:
            self.end()
            self._label = label
            self._bar = click.progressbar(length=total, label=f"{label:10}", file=sys.stderr)
            self._bar.__enter__()
        self._bar.update(done - self._bar.pos)

    def count(self, label: str, done: int) -> None:
        """Show how much is done where nobody knows of how much."""
        self.say(f"{label:10}  {done:,}")

    def say(self, text: str) -> None:
        """Show what is done now."""
        if self._is_shown:
            self._label = text
            click.echo(f"\r\x1b[K{text}", file=sys.stderr, nl=False, color=True)

    def end(self) -> None:
        """Leave what was shown behind, so that what comes next begins a line."""
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
        elif self._label:
            click.echo("\r\x1b[K", file=sys.stderr, nl=False, color=True)
        self._bar, self._label = None, ""
