"""Files in, raw rows out: what the rest of `loaders` takes from the readers."""

from loaders.readers.cells import Cells, LostZero, Unreadable, escape, unescape
from loaders.readers.headings import known_headings, normal_heading
from loaders.readers.native import (
    ENDINGS,
    EVENT_TITLES,
    PROGRAMME_FILE,
    RULES_FILE,
    DataSet,
    RawTable,
    leave_out,
    open_data_set,
)

__all__ = [
    "ENDINGS",
    "EVENT_TITLES",
    "PROGRAMME_FILE",
    "RULES_FILE",
    "Cells",
    "DataSet",
    "LostZero",
    "RawTable",
    "Unreadable",
    "escape",
    "known_headings",
    "leave_out",
    "normal_heading",
    "open_data_set",
    "unescape",
]
