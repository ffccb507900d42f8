"""Files that only their owner may read: the store and its notes, uploads, jobs."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from graph.errors import N_, ReadOnlyStore

UMASK = 0o077  # what a process takes that makes such files


def protect(paths: Iterable[Path]) -> None:
    """Take everybody else's rights to some files or folders; those of another owner stay."""
    for path in paths:
        with suppress(OSError):
            path.chmod(0o700 if path.is_dir() else 0o600)


def private_folder(folder: Path) -> Path:
    """Return a folder that only its owner can enter, made where it is not there yet."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ReadOnlyStore(
            N_("%(folder)s cannot be written: %(error)s."),
            N_("Work with a store in a folder that you may write to."),
            folder=folder,
            error=error.strerror or error,
        ) from error
    protect([folder])
    return folder
