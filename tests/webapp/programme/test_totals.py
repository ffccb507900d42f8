"""No total is counted after a cut: one less than a limit, the limit, and one more."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from graph.store import Store
from loaders.load import check, load
from loaders.problems import SHOWN_OF_A_KIND
from queries.network import gathering
from queries.network.view import key_of
from webapp.data import loads
from webapp.entering import history, rows
from webapp.people import places
from webapp.people import tables as people


def fill(store: Store, folder: Path, **tables: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    load(store, folder)


def hub(store: Store, folder: Path, count: int) -> None:
    """A mentor of so many, all of them still guided."""
    people_ = "id,name,roles\nM,曾国安,mentor\n"
    people_ += "".join(f"t{n},学员{n},trainee\n" for n in range(count))
    ties = "mentor,trainee,since\n" + "".join(f"M,t{n},2020\n" for n in range(count))
    fill(store, folder, people=people_, mentoring=ties)


def around_limit(most: int) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("count", [most - 1, most, most + 1])


@around_limit(people.MOST_TRAINEES)
def test_every_trainee_of_a_mentor_counts(
    count: int, client: FlaskClient, embedded_store: Store, tmp_path: Path
):
    hub(embedded_store, tmp_path / "hub", count)
    page = client.get("/people/M?lang=en").text
    assert f"Guides {count} trainees." in page
    assert f'Trainees <span class="count">{count}</span>' in page
    is_cut = count > people.MOST_TRAINEES
    assert (f"The first {people.MOST_TRAINEES} of {count} are shown." in page) is is_cut
    assert len(client.get("/api/people/M").json["trainees"]) == count
    assert f'<span class="count">{count}</span>' in client.get("/enter/people/M").text


def test_a_trainee_with_two_kinds_of_guidance_is_one_person(
    client: FlaskClient, embedded_store: Store, tmp_path: Path
):
    ties = "mentor,trainee,kind,since,until\nM,T,a,2018,2019\nM,T,b,2019,\nM,T,c,2019,\n"
    fill(embedded_store, tmp_path / "two", people="id,name\nM,曾国安\nT,王伟\n", mentoring=ties)
    assert "Guides 1 trainee." in client.get("/people/M?lang=en").text


def test_mentor_of_1200_is_said_to_have_1200_everywhere(
    client: FlaskClient, runner: FlaskCliRunner, embedded_store: Store, tmp_path: Path
):
    hub(embedded_store, tmp_path / "hub", 1200)
    for page in (
        "/people/M",
        "/network?person=M",
        "/network?person=M&limit=1000",
        "/lineage?person=M",
        "/enter/people/M",
        "/people?text=曾国安",
    ):
        text = client.get(f"{page}{'&' if '?' in page else '?'}lang=en").text
        assert "1200" in text, page
    found = client.get("/api/network?person=M").json
    assert (found["shown"], found["total"], found["truncated"]) == (60, 1201, True)
    assert found["counts"][key_of("person", "M")]["trainees"]["total"] == 1200
    assert client.get("/api/cards/people/M").status_code == 200
    assert '"descendants": 1200' in runner.invoke(args=["lineage", "M", "--json"]).stdout
    assert '"total": 1201' in runner.invoke(args=["network", "M", "--json"]).stdout


@around_limit(25)
def test_network_counts_everybody_beyond_what_it_reads(
    count: int,
    client: FlaskClient,
    embedded_store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(gathering, "READ", 25)
    rows_ = "".join(f"t{n},学员{n},trainee,2019\n" for n in range(count))
    last = "z,末,trainee,2020\n"
    ties = "mentor,trainee,since\n" + "".join(f"M,t{n},2020\n" for n in range(count))
    fill(
        embedded_store,
        tmp_path / "all",
        people=f"id,name,roles,cohort\nM,曾国安,mentor,\n{rows_}{last}",
        mentoring=f"{ties}t{count - 1},z,2021\n",
    )
    for address, total in (
        ("person=M&depth=1", count + 1),
        ("person=M&depth=2", count + 2),
        ("person=M&depth=2&until=2020-12", count + 1),
        ("cohort=2019&depth=0", count),
        ("cohort=2019&depth=1", count + 2),
        ("person=M&depth=0&expand=descendants:M", count + 2),
    ):
        found = client.get(f"/api/network?{address}&limit=10").json
        assert found["total"] == total, address
        assert found["truncated"] is (found["shown"] < total)
        assert f"of {total} shown" in client.get(f"/network?{address}&limit=10&lang=en").text


@around_limit(30)
def test_every_post_counts(
    count: int,
    client: FlaskClient,
    embedded_store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(places, "MOST_ROWS", 30)
    posts = "id,title,unit\n" + "".join(f"p{n:03d},岗{n},u\n" for n in range(count))
    fill(embedded_store, tmp_path / "posts", units="id,name\nu,县\n", posts=posts)
    page = client.get("/posts?lang=en").text
    assert f"{count} posts: {count} have nobody, 0 are not full; {count} places are free." in page
    assert (f"The first 30 of {count} are shown" in page) is (count > 30)
    found = client.get("/api/posts").json
    assert (found["total"], found["truncated"], len(found["posts"])) == (
        count,
        count > 30,
        min(count, 30),
    )


@around_limit(SHOWN_OF_A_KIND)
def test_every_problem_of_a_check_counts(count: int, runner: FlaskCliRunner, tmp_path: Path):
    path = tmp_path / "people.csv"
    path.write_text("id,name,born_on\n" + "".join(f"p{n},王,x\n" for n in range(count)))
    assert sum(each.count for each in check(tmp_path)) == count
    said = runner.invoke(args=["check", str(tmp_path)], env={"LANGUAGE": "en"}).stdout
    assert f"{count} 处错误" in said or f"{count} errors" in said


@around_limit(5)
def test_every_change_counts(
    count: int,
    client: FlaskClient,
    runner: FlaskCliRunner,
    app: Flask,
    embedded_store: Store,
    monkeypatch: pytest.MonkeyPatch,
):
    from loaders import entry

    monkeypatch.setattr(history, "PAGE", 5)
    for n in range(count):
        entry.add(embedded_store, "people", {"id": f"p{n}", "name": "王伟"}, by="张三")
    found = client.get("/api/changes").json
    assert (found["total"], found["truncated"], len(found["changes"])) == (
        count,
        count > 5,
        min(count, 5),
    )
    told = runner.invoke(args=["changes", "--limit", "5", "--json"]).stdout
    assert f'"total": {count}' in told


@around_limit(4)
def test_rows_below_an_entry_count(
    count: int,
    client: FlaskClient,
    embedded_store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(rows, "MOST_BELOW", 4)
    hub(embedded_store, tmp_path / "hub", count)
    assert f'<span class="count">{count}</span>' in client.get("/enter/people/M").text


@around_limit(20)
def test_search_hints_say_whether_there_are_more(
    count: int, client: FlaskClient, embedded_store: Store, tmp_path: Path
):
    rows_ = "".join(f"t{n},学员{n}\n" for n in range(count))
    fill(embedded_store, tmp_path / "p", people=f"id,name\n{rows_}")
    found = client.get("/api/search?q=学员").json
    assert (len(found["results"]), found["truncated"]) == (min(count, 20), count > 20)


@around_limit(6)
def test_load_says_of_which_table_not_every_row_is_listed(
    count: int,
    client: FlaskClient,
    embedded_store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(loads, "ROWS", 6)
    monkeypatch.setattr(loads.load_answer, "__defaults__", (6,))
    rows_ = "".join(f"t{n},学员{n}\n" for n in range(count))
    fill(embedded_store, tmp_path / "p", people=f"id,name\n{rows_}", units="id,name\nu,县\n")
    found = client.get("/api/loads/1").json
    assert found["tables"]["people"]["new"] == count
    assert (len(found["rows"]["people"]), found["truncated"]) == (
        min(count, 6),
        ["people"] if count > 6 else [],
    )
    assert ("The first 6 rows" in client.get("/loads/1?lang=en").text) is (count > 6)


@pytest.mark.parametrize(("count", "is_cut"), [(19, False), (20, False), (21, True)])
@pytest.mark.parametrize(
    "page", ["/connection?a=学员&b=M", "/lineage?add=学员", "/network?add=学员"]
)
def test_whom_a_name_may_mean_is_told_to_be_more(
    client: FlaskClient,
    embedded_store: Store,
    tmp_path: Path,
    page: str,
    count: int,
    is_cut: bool,
):
    hub(embedded_store, tmp_path / "hub", count)
    text = client.get(f"{page}&lang=en", follow_redirects=True).text
    assert "Which “学员” is meant?" in text
    assert ("The first 20 are shown; type more of the name" in text) is is_cut
