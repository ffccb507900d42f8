"""Uploaded data sets between "check" and "load": kept on disk for an hour, under a random name.

An upload is one workbook, one JSON file, one zip, or the CSV files of one data set. What is in
the files is not looked at here.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from flask import current_app
from werkzeug.datastructures import FileStorage

from graph.errors import N_, InputError, NotFound
from graph.private import private_folder
from loaders.readers.native import SOURCE_FILE

SINGLE = (".xlsx", ".json", ".zip")
SEVERAL = (".csv", ".tsv", ".yaml")
FOREIGN = (".gz", ".txt", ".xls", ".xlsm", ".ods", ".jsonl", ".ndjson", ".net", ".paj", ".gexf",
           ".graphml")  # fmt: skip
_KEPT_SECONDS = 3600
_TOKEN = re.compile(r"[0-9a-f]{32}")


def keep(files: Iterable[FileStorage]) -> str:
    """Put uploaded files aside and give the token by which `kept` finds them."""
    given = [file for file in files if file.filename]
    if not given:
        raise InputError(
            N_("No file was chosen."), N_("Choose the CSV files, a workbook or a zip.")
        )
    _forget_old()
    token = secrets.token_hex(16)
    folder = private_folder(private_folder(_root()) / token)
    try:
        for file in given:
            name = plain_name(file.filename or "")
            file.save(_free(folder, name))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    kept(token)
    return token


def keep_json(data: bytes) -> str:
    """Put a data set aside that came as one JSON object."""
    return keep([FileStorage(BytesIO(data), "data.json")])


def kept(token: str) -> Path:
    """Return the data set of a token: a folder, or the one workbook or JSON file in it."""
    folder = _root() / token
    if not _TOKEN.fullmatch(token) or not folder.is_dir():
        raise NotFound(N_("This upload is no longer there."), N_("Upload the files again."))
    files = sorted(folder.iterdir())
    if folder / SOURCE_FILE in files:  # it says how the files beside it are read
        return folder
    single = [file for file in files if file.suffix.lower() in SINGLE]
    if single and len(files) > 1:
        shutil.rmtree(folder)
        raise InputError(
            N_("%(file)s cannot be uploaded together with other files."),
            N_("Upload one workbook, one JSON file, one zip, or the CSV files of one data set."),
            file=single[0].name,
        )
    return single[0] if single else folder


def describe(token: str, text: str) -> None:
    """Put the description beside the files of an upload by which they are to be read."""
    path = kept(token)
    folder = path if path.is_dir() else path.parent
    (folder / SOURCE_FILE).write_text(text, encoding="utf-8")


def is_kept(token: str) -> bool:
    """Return whether an upload is still there."""
    return bool(_TOKEN.fullmatch(token)) and (_root() / token).is_dir()


def forget(token: str) -> None:
    """Delete an upload."""
    if _TOKEN.fullmatch(token):
        shutil.rmtree(_root() / token, ignore_errors=True)


def plain_name(name: str) -> str:
    """Return the last part of a file's name, whichever system it came from.

    >>> plain_name("C:\\\\data\\\\people.csv"), plain_name("../../etc/people.csv")
    ('people.csv', 'people.csv')
    """
    last = re.split(r"[\\/]", name)[-1].lstrip(".")
    if not last or "\0" in last or len(last.encode()) > 200:
        raise InputError(
            N_('"%(name)s" is not a name for a file.'), N_("Rename it and try again."), name=name
        )
    return last


def _free(folder: Path, name: str) -> Path:
    path = folder / name
    if path.suffix.lower() not in (*SINGLE, *SEVERAL, *FOREIGN):
        known = ", ".join((*SEVERAL, *SINGLE, *FOREIGN))
        raise InputError(
            N_("%(file)s is not a file of a data set."),
            N_("Known endings: %(known)s."),
            file=name,
            known=known,
        )
    if path.exists():
        raise InputError(N_("%(file)s is there twice."), N_("Keep one of them."), file=name)
    return path


def _forget_old() -> None:
    if not _root().is_dir():
        return
    for folder in _root().iterdir():
        try:
            is_old = time.time() - folder.stat().st_mtime > _KEPT_SECONDS
        except FileNotFoundError:  # another request was quicker
            continue
        if is_old and _TOKEN.fullmatch(folder.name):
            shutil.rmtree(folder, ignore_errors=True)


def _root() -> Path:
    return Path(current_app.config["UPLOAD_FOLDER"])
