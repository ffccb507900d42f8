"""Whole numbers that an address or a form gives as text, read in one way."""

from __future__ import annotations

from graph.errors import N_, UsageError

_MOST_DIGITS = 9  # Python refuses to read thousands of them, and the engines hold 64 bits


def read_whole(name: str, text: str, least: int, most: int, example: int) -> int:
    """Read a whole number; UsageError, with an example, when it is none or out of bounds.

    >>> read_whole("depth", " 3 ", 1, 9, 2)
    3
    """
    text = text.strip()
    digits = text.removeprefix("-")
    if (
        not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS)
        or not least <= int(text) <= most
    ):
        raise UsageError(
            N_('%(name)s "%(value)s" is not a whole number from %(least)s to %(most)s.'),
            N_("Write it in digits, as in %(name)s=%(example)s."),
            name=name,
            value=text,
            least=least,
            most=most,
            example=example,
        )
    return int(text)


def read_year(name: str, text: str) -> int:
    """Read a year of four digits; UsageError when it is none."""
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) == 4 and int(text)):
        raise UsageError(
            N_('%(name)s "%(value)s" is not a year.'),
            N_("Write it like 2019."),
            name=name,
            value=text,
        )
    return int(text)
