"""The groups of commands: a command is imported when it is asked for, not when it is listed."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

import click
from click.shell_completion import CompletionItem
from flask.cli import AppGroup, FlaskGroup

from webapp.cli.index import FLAT, SECTIONS, CommandSection, Entry


def command_of(entry: Entry) -> click.Command:
    """Return the one command of an entry, importing its module."""
    module = import_module(f"webapp.cli.{entry.module}")
    return next(each for each in module.COMMANDS if each.name == entry.name)


class SectionGroup(click.Group):
    """A group of the index; where it has the name of a command, what is no other command is that.

    So `network P1 depth=2` and `network lineage P1` are both there.
    """

    def __init__(self, section: CommandSection) -> None:
        self.section = section
        self.own = section.entry(section.name)
        super().__init__(section.name, help=section.help, no_args_is_help=self.own is None)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names in the order of the index."""
        return [each.name for each in self.section.entries]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name, imported now."""
        entry = self.section.entry(cmd_name)
        return command_of(entry) if entry else None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what does not begin with a command of the group as the group's own one."""
        if self.own is not None:
            others = {*self.list_commands(ctx), *self.get_help_option_names(ctx)}
            first = args[0] if args else None
            if first not in others and not (first is None and ctx.resilient_parsing):
                args = [self.own.name, *args]
        return super().parse_args(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help of the command whose name the group has, then its commands."""
        if self.own is None:
            super().format_help(ctx, formatter)
            return
        own = command_of(self.own)
        own.format_help(click.Context(own, ctx.parent, ctx.info_name), formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands of the group."""
        _write(formatter, "Commands", self.section.entries)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete names from the index."""
        return _completed(self.section.entries, incomplete) + click.Command.shell_complete(
            self, ctx, incomplete
        )


GROUPS = {section.name: SectionGroup(section) for section in SECTIONS}


def find(name: str) -> click.Command | None:
    """Return the group or the flat command of a name."""
    if name in GROUPS:
        return GROUPS[name]
    return command_of(FLAT[name]) if name in FLAT else None


def names() -> list[str]:
    """List the names of all groups and flat commands."""
    return [*GROUPS, *(name for name in FLAT if name not in GROUPS)]


class Commands(AppGroup):
    """Our groups and flat commands, as `flask` finds them in the application."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List groups and flat commands."""
        return names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a group, or a command imported now."""
        return find(cmd_name)


class Console(FlaskGroup):
    """`mentor-network`: our commands, without an application until one runs, and Flask's own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List our commands and Flask's own."""
        return [*names(), *sorted(self.commands)]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return one of our commands, or one of Flask's own."""
        return find(name) or click.Group.get_command(self, ctx, name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under the headings of their groups."""
        for section in SECTIONS:
            flat = [each for each in section.entries if each.is_flat]
            rest = [each.name for each in section.entries if not each.is_flat]
            if rest:
                flat.append(Entry(section.name, "", f"{section.help} ({', '.join(rest)})"))
            _write(formatter, f"{section.name} – {section.help.rstrip('.')}", flat)
        own = [
            Entry(name, "", each.get_short_help_str(200))
            for name, each in sorted(self.commands.items())
        ]
        _write(formatter, "Flask's own", own)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete names of groups and commands from the index."""
        own = [Entry(name, "", each.get_short_help_str()) for name, each in self.commands.items()]
        groups = [Entry(each.name, "", each.help) for each in SECTIONS]
        flat = [each for name, each in FLAT.items() if name not in GROUPS]
        return _completed([*groups, *flat, *own], incomplete) + click.Command.shell_complete(
            self, ctx, incomplete
        )


def _write(formatter: click.HelpFormatter, title: str, entries: Sequence[Entry]) -> None:
    with formatter.section(title):
        formatter.write_dl([(each.name, each.help) for each in entries])


def _completed(entries: Sequence[Entry], incomplete: str) -> list[CompletionItem]:
    return [
        CompletionItem(each.name, help=each.help)
        for each in entries
        if each.name.startswith(incomplete)
    ]
