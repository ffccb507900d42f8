import pytest

from tests.small_graph import fill


@pytest.fixture
def pages(client, embedded_store):
    fill(embedded_store)
    return client


def test_unit_shows_people_of_all_units_below(pages):
    found = pages.get("/api/units/d").json
    assert {row["person"] for row in found["people"]} == {"a", "m"}
    assert found["posts"] == []
    assert [each["id"] for each in found["children"]] == ["o", "t"]
    assert [each["id"] for each in pages.get("/api/units/v").json["path"]] == ["d", "t", "v"]


def test_unit_on_another_day(pages):
    found = pages.get("/api/units/v?on=2018-06-01").json
    assert found["as_of"] == "2018-06-01"
    assert [row["person"] for row in found["people"]] == ["a"]
    assert [(post["post"], len(post["holders"])) for post in found["posts"]] == [("v1", 1)]
    assert pages.get("/units/v?on=2018-06-01").status_code == 200


def test_unit_without_anybody_says_so(pages):
    text = pages.get("/units/v?on=1999&lang=en").text
    assert "Nobody held a post here on this day." in text


def test_bad_day_is_named(pages):
    answer = pages.get("/units/v?on=soon&lang=en")
    assert answer.status_code == 400
    assert "soon" in answer.text


def test_post_has_holders_in_order_with_the_gap_between_them(pages):
    found = pages.get("/api/posts/v1").json
    assert [row["person"] for row in found["holders"]] == ["a", "b"]
    # a held it until 2019-10, b from 2019-10-08: that may be the same day
    assert found["gaps"] == [{"since": "2021-10-08", "until": None, "months": 32}]
    text = pages.get("/posts/v1?lang=en").text
    assert "Empty for 32 months (since 2021-10-08)." in text
    assert "Held last by: <a" in " ".join(text.split())


def test_post_says_where_holders_came_from_and_went(pages):
    found = pages.get("/api/posts/v1").json
    assert [(row["post"], row["people"]) for row in found["before"]] == [("o2", 1)]
    assert [(row["post"], row["people"]) for row in found["after"]] == [("t1", 1)]


@pytest.mark.parametrize(
    "path", ["/units/NOPE", "/posts/NOPE", "/api/units/NOPE", "/api/posts/NOPE"]
)
def test_unknown_place_is_not_found(pages, path: str):
    answer = pages.get(f"{path}?lang=en")
    assert answer.status_code == 404
    assert "NOPE" in answer.text


def test_empty_store_says_what_to_do(client):
    text = client.get("/units?lang=en").text
    assert "No unit is stored yet." in text
    assert 'href="/data"' in text


def test_list_of_posts_names_holders_and_filters(district_client):
    page = district_client.get("/posts?lang=en").text
    found = district_client.get("/api/posts").json["posts"]
    assert len(found) == 74
    assert page.count('class="to-post"') == 74
    empty = [post for post in found if all(each["acting"] for each in post["holders"])]
    assert "P64" in [post["post"] for post in empty]  # C003 is only acting
    assert f"{len(empty)} have nobody" in page
    one = next(post for post in found if post["holders"])
    named = district_client.get(f"/posts?text={one['post']}&rank={one['rank']}").text
    assert one["holders"][0]["name"] in named
    assert named.count('class="to-post"') == 1
    listed = district_client.get("/api/posts", query_string={"unit": one["unit"]}).json["posts"]
    below = district_client.get("/api/queries/posts.list", query_string={"unit": one["unit"]}).json
    assert [post["post"] for post in listed] == [row["post"] for row in below["rows"]]


def test_no_post_fits_or_none_is_stored(client, small_client):
    assert "No post fits all these conditions." in small_client.get("/posts?text=zz&lang=en").text
    assert small_client.get("/posts?unit=nothing").status_code == 404


def test_no_post_is_stored(client):
    assert "No post is stored yet." in client.get("/posts?lang=en").text


def test_unit_leads_to_who_could_fill_a_post_with_room(district_client):
    text = district_client.get("/units/U08?lang=en&on=2024-06-30").text
    posts = {row["title"]: row for row in district_client.get("/api/units/U08").json["posts"]}
    full, empty = posts["党委书记"], posts["镇长"]
    assert f"/programme/vacancies/{empty['post']}" in text
    assert f"/programme/vacancies/{full['post']}" not in text
