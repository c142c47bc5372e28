"""Who may see and do what."""

from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask, redirect
from flask_sqlalchemy import SQLAlchemy
from werkzeug.test import TestResponse

from flask_amazon_channel.admin.pages import PAGES, Page
from flask_amazon_channel.models import Activity, Base, SellerAccount, Store
from tests.admin import making
from tests.admin.conftest import Pages, said
from tests.admin.making import ADMINISTRATOR, Person, make_app

PERMISSIONS = ("view", "operate", "administer")


@pytest.fixture
def furnished(pages: Pages) -> Pages:
    """One of everything, each with the number 1, and a second store with the number 2."""
    of = making.account(pages.db)
    here, there = making.store(pages.db, of, "DE"), making.store(pages.db, of, "GB")
    making.listing(pages.db, here)
    making.order(pages.db, of, here)
    making.change(pages.db, here, threshold=(0, 2))
    making.view(pages.db, here)
    making.bulk(pages.db, here)
    assert (of.id, here.id, there.id) == (1, 1, 2)
    return pages


def address(rule: str, number: int = 1) -> str:
    for name in ("account_id", "store_id", "listing_id", "order_id", "change_id", "view_id", "bulk_id"):
        rule = rule.replace(f"<int:{name}>", str(number))
    return rule


def everything(db: SQLAlchemy) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all our tables."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table))]
            for table in Base.metadata.sorted_tables
        }


def test_every_route_of_the_blueprint_names_its_permission(pages: Pages) -> None:
    rules = [rule for rule in pages.app.url_map.iter_rules() if rule.endpoint.startswith("amazon_channel.")]
    routes = {(rule.endpoint.partition(".")[2], method) for rule in rules for method in rule.methods or ()}
    named = {(page.endpoint, page.method) for page in PAGES}
    assert {route for route in routes if route[1] not in ("HEAD", "OPTIONS")} == named | {("static", "GET")}
    assert {page.permission for page in PAGES} <= set(PERMISSIONS)
    assert len({page.endpoint for page in PAGES}) == len(PAGES)


def ask(furnished: Pages, page: Page, token: str | None, number: int = 1) -> TestResponse:
    fields = None if page.method == "GET" or token is None else {"csrf_token": token}
    return furnished.browser.open(f"/amazon{address(page.rule, number)}", method=page.method, data=fields)


def test_a_person_without_permission_sees_and_does_nothing(furnished: Pages) -> None:
    token = furnished.token()
    furnished.person.permissions = ()
    before = everything(furnished.db)
    for page in PAGES:
        answer = ask(furnished, page, token)
        assert answer.status_code in (403, 404), page
        assert "Potter" not in answer.text, page
        assert "MUG-7" not in answer.text, page
        assert everything(furnished.db) == before, page


def test_a_store_of_others_answers_like_one_that_does_not_exist(furnished: Pages) -> None:
    token = furnished.token()
    furnished.person.stores = [2]
    for page in PAGES:
        if "<" in page.rule:
            foreign, missing = ask(furnished, page, token), ask(furnished, page, token, number=99)
            assert foreign.status_code == missing.status_code == 404, page
            assert foreign.text == missing.text, page


def test_whoever_may_only_look_may_not_act(furnished: Pages) -> None:
    token = furnished.token()
    furnished.person.permissions = ("view",)
    before = everything(furnished.db)
    for page in PAGES:
        if page.permission != "view":
            answer = ask(furnished, page, token)
            assert answer.status_code == 403, page
            assert "permission" in answer.text, page
            assert everything(furnished.db) == before, page


def offered(app: Flask, text: str) -> set[str]:
    """Return the permissions that the links and the buttons of a page need."""
    needed = {(page.endpoint, page.method): page.permission for page in PAGES}
    links = [("GET", href) for href in re.findall(r'<a [^>]*href="([^"]+)"', text)]
    forms = [(form[0], form[1]) for form in map(_form, re.findall(r"<form [^>]*>", text))]
    buttons = [("POST", action) for action in re.findall(r'formaction="([^"]+)"', text)]
    found, urls = set(), app.url_map.bind("localhost")
    for method, url in links + forms + buttons:
        path = unescape(url).partition("?")[0].partition("#")[0]
        if path.startswith("/amazon") and "/static/" not in path:
            endpoint, _ = urls.match(path, method=method)
            found.add(needed[endpoint.partition(".")[2], method])
    return found


def test_what_one_may_do_is_offered(furnished: Pages) -> None:
    """The control: links and buttons are found where there are any."""
    assert offered(furnished.app, furnished.get("/stores/1").text) == {"view", "administer"}
    assert "operate" in offered(furnished.app, furnished.get("/listings/1").text)


def _form(tag: str) -> tuple[str, str]:
    method = re.search(r'method="(\w+)"', tag)
    action = re.search(r'action="([^"]+)"', tag)
    return (method[1].upper() if method else "GET"), (action[1] if action else "")


@pytest.mark.parametrize("role", range(1, 4), ids=PERMISSIONS)
def test_what_one_may_not_do_is_not_offered(furnished: Pages, role: int) -> None:
    may = PERMISSIONS[:role]
    furnished.person.permissions = may
    for page in PAGES:
        if page.method == "GET":
            answer = ask(furnished, page, None)
            assert (answer.status_code == 403) == (page.permission not in may), page
            assert offered(furnished.app, answer.text) <= set(may), page


@pytest.mark.parametrize("token", [None, "", "forged"])
def test_a_change_without_the_token_is_refused(furnished: Pages, token: str | None) -> None:
    before = everything(furnished.db)
    for page in PAGES:
        if page.method == "POST":
            answer = ask(furnished, page, token)
            assert answer.status_code == 400, page
            assert "load it again" in answer.text, page
            assert everything(furnished.db) == before, page


def test_looking_changes_nothing(furnished: Pages) -> None:
    before = everything(furnished.db)
    for page in PAGES:
        if page.method == "GET":
            assert ask(furnished, page, None).status_code in (200, 303, 400), page
            assert everything(furnished.db) == before, page


def test_the_token_of_one_browser_is_no_use_in_another(furnished: Pages) -> None:
    stolen = furnished.token()
    answer = furnished.app.test_client().post("/amazon/stores/1/deactivate", data={"csrf_token": stolen})
    assert answer.status_code == 400
    assert furnished.db.session.get_one(Store, 1).is_active


def test_the_hosts_answer_is_returned_as_it_is(furnished: Pages) -> None:
    furnished.person.answer = redirect("/log-in")
    for path in ("/", "/stores/1", "/stores/99", "/listings/1"):
        answer = furnished.get(path)
        assert (answer.status_code, answer.location) == (302, "/log-in")
        assert "Content-Security-Policy" not in answer.headers


@pytest.mark.parametrize("answer", ["yes", 1, object()])
def test_an_answer_that_is_neither_yes_nor_no_opens_nothing(furnished: Pages, answer: object) -> None:
    furnished.person.answer = answer
    page = furnished.get("/stores/1")
    assert page.status_code == 503
    assert "it must return True, False or a response" in said(page)


def test_without_authorize_every_page_says_which_argument_is_missing(furnished: Pages) -> None:
    furnished.app.extensions["amazon_channel"].authorize = None
    for path in ("/", "/stores/1", "/orders"):
        page = furnished.get(path)
        assert page.status_code == 403
        assert "authorize=" in said(page)


def test_without_the_tables_every_page_names_the_command(database_uri: str) -> None:
    app, db, _ = make_app(database_uri, tables=False)
    for path in ("/amazon/", "/amazon/stores/1", "/amazon/orders"):
        page = app.test_client().get(path)
        assert page.status_code == 503
        assert "flask amazon db upgrade" in said(page)
    with app.app_context():
        db.engine.dispose()


def test_without_a_secret_key_the_pages_say_so(database_uri: str) -> None:
    app, db, _ = make_app(database_uri, SECRET_KEY=None)
    page = app.test_client().get("/amazon/")
    assert (page.status_code, "SECRET_KEY" in said(page)) == (503, True)
    with app.app_context():
        db.engine.dispose()


def test_a_number_beyond_the_database_is_no_store(furnished: Pages) -> None:
    assert furnished.get(f"/stores/{10**30}").status_code == 404


def test_an_order_without_a_store_is_for_those_who_may_view_the_whole_account(furnished: Pages) -> None:
    of = furnished.db.session.get_one(SellerAccount, 1)
    stray = making.order(furnished.db, of, None)
    assert furnished.get(f"/orders/{stray.id}").status_code == 200
    assert stray.amazon_order_id in furnished.text("/orders")
    furnished.person.stores = [1]
    assert furnished.get(f"/orders/{stray.id}").status_code == 404
    assert stray.amazon_order_id not in furnished.text("/orders")


def test_what_happened_to_the_sku_in_a_store_of_others_is_not_told(furnished: Pages) -> None:
    furnished.db.session.add(
        Activity(at=making.NOW, store_id=2, sku_id=1, action="price", sentence="The British price was sent.")
    )
    furnished.db.session.add(Activity(at=making.NOW, sku_id=1, action="match", sentence="Matched by SKU."))
    furnished.db.session.commit()
    page = furnished.text("/listings/1")
    assert "Matched by SKU." in page
    assert "British" not in page


def test_the_pages_are_where_the_configuration_says(database_uri: str) -> None:
    app, db, _ = make_app(database_uri, person=Person(*ADMINISTRATOR), AMAZON_CHANNEL_URL_PREFIX="/office/amazon")
    page = app.test_client().get("/office/amazon/")
    assert page.status_code == 200
    assert 'href="/office/amazon/orders"' in page.text
    with app.app_context():
        db.engine.dispose()
