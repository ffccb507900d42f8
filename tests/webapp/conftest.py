"""A data set small enough to be read whole, as files and loaded."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from graph.store import Store
from loaders.load import load

EVIL = "<script>alert(1)</script>"

SMALL = {
    "units.csv": "id,name,kind,part_of\nd,某区,district,\nv1,桥头村,village,d\n",
    "posts.csv": "id,title,unit,rank,capacity\np1,村助理,v1,,2\np2,主任,d,,1\n",
    "people.csv": (
        "id,name,roles,cohort\n"
        "t1,王伟,trainee,2019\n"
        "t2,王伟,trainee,2021\n"
        "m1,李娜,mentor,\n"
        f"x1,{EVIL},trainee,2019\n"
    ),
    "mentoring.csv": "mentor,trainee,kind,since\nm1,t1,village,2019-09\nm1,x1,village,2020\n",
    "rotations.csv": "person,post,kind,since,until\nt1,p1,grassroots,2019-09,\n",
}


@pytest.fixture
def small_folder(tmp_path: Path) -> Path:
    """The small data set as a folder of CSV files."""
    folder = tmp_path / "small"
    folder.mkdir()
    for name, text in SMALL.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def small_client(client: FlaskClient, embedded_store: Store, small_folder: Path) -> FlaskClient:
    """A browser on an application that holds the small data set."""
    load(embedded_store, small_folder)
    return client
