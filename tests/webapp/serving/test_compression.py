"""Answers are compressed for whoever takes it, and say the same as before."""

import gzip
import re
import tempfile
import zlib
from pathlib import Path

import brotli
import pytest
from backports import zstd

UNPACK = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
    "deflate": zlib.decompress,
    "identity": bytes,
}
PAGE = "/network?cohort=2019&cohort=2020&cohort=2021&depth=2"
TEXTS = [
    PAGE,
    "/api/people",
    "/api/openapi.json",
    "/queries/people.list?format=csv",
    "/programme/todo.ics",
    "/network/file.svg?person=T001&depth=2",
    "/network/file.graphml?person=T001&depth=2",
    "/data/export.json",
    "/data/export.gexf",
    "/static/table.js",
    "/static/vendor/vis-network/standalone/esm/vis-network.min.mjs",
    "/static/icons.svg",
]


def got(client, path: str, accepted: str, **headers):
    """An answer with its whole body, closed."""
    return client.get(path, headers={"Accept-Encoding": accepted, **headers}, buffered=True)


def lasting(body: bytes) -> bytes:
    """A page without the token of its form, which each answer has anew."""
    return re.sub(rb'(csrf_token" value|content)="[^"]*"', b"", body)


@pytest.mark.parametrize("path", TEXTS)
@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_text_is_compressed_and_unpacks_to_the_same(district_client, path: str, encoding: str):
    plain = got(district_client, path, "identity")
    packed = got(district_client, path, encoding)
    assert packed.status_code == plain.status_code
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in plain.vary and "Accept-Encoding" in packed.vary
    assert lasting(UNPACK[encoding](packed.data)) == lasting(plain.data)
    assert len(packed.data) < len(plain.data)


def test_network_page_shrinks_to_a_third(district_client):
    plain = got(district_client, PAGE, "identity").data
    for encoding in ("gzip, deflate", "gzip, deflate, br", "gzip, deflate, br, zstd"):
        assert len(got(district_client, PAGE, encoding).data) < len(plain) / 3


@pytest.mark.parametrize(
    "path", ["/data/export.xlsx", "/data/export.zip", "/programme/files/T001/file.docx", "/healthz"]
)
def test_what_is_packed_already_or_short_goes_as_it_is(district_client, path: str):
    answer = got(district_client, path, "gzip, br, zstd")
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
    assert answer.content_length == len(answer.data)


@pytest.mark.parametrize("encoding", ["gzip", "zstd", "identity"])
def test_file_that_the_browser_has_is_not_sent_again(district_client, encoding: str):
    first = got(district_client, "/static/parts.css", encoding)
    again = got(
        district_client, "/static/parts.css", encoding, **{"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
    other = "identity" if encoding == "gzip" else "gzip"  # another form of the file is another one
    assert got(district_client, "/static/parts.css", other).headers["ETag"] != first.headers["ETag"]


def test_part_of_a_file_is_the_part_that_was_asked_for(district_client):
    whole = got(district_client, "/static/parts.css", "identity").data
    part = got(district_client, "/static/parts.css", "gzip", Range="bytes=100-1999")
    assert part.status_code == 206
    assert "Content-Encoding" not in part.headers
    assert part.data == whole[100:2000]


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_export_leaves_no_file_behind(district_client, encoding: str, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with got(district_client, "/data/export.json", encoding) as answer:
        assert answer.status_code == 200
    assert list(Path(tmp_path).iterdir()) == []
