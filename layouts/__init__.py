"""Layouts: a graph in, places out. Pure functions that know nothing of people, stores or pages.

A graph is boxes (the room that a mark takes with its label, in px) and ties (pairs of ids, from
what stands above to what stands below); ties of unknown ids and of a thing with itself do not
count. A place is the middle of a box, around the origin, y downwards. The same input gives the same
places, and nothing moves by itself.
"""

from layouts.boxes import Box, Guide, Places, Point, Ties
from layouts.by_name import LAYOUTS, Hints, arrange
from layouts.forces import force_layout
from layouts.generations import generation_layout
from layouts.groups import group_layout
from layouts.radial import radial_layout
from layouts.years import year_layout

__all__ = [
    "LAYOUTS",
    "Box",
    "Guide",
    "Hints",
    "Places",
    "Point",
    "Ties",
    "arrange",
    "force_layout",
    "generation_layout",
    "group_layout",
    "radial_layout",
    "year_layout",
]
