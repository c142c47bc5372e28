"""What the browser is told, and that the host's own ways stay as they are."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
import pytest
from flask import Flask, render_template_string, request
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from flask_amazon_channel import AmazonChannel
from flask_amazon_channel.folders import folder
from flask_amazon_channel.models import Base, Store
from tests.admin import making
from tests.admin.conftest import Pages, said
from tests.admin.making import Person, SmallShop

PACKAGE = Path(__file__).resolve().parents[2] / "flask_amazon_channel"


def test_our_pages_carry_a_strict_policy_and_stay_out_of_caches(pages: Pages) -> None:
    for path in ("/", "/stores/99", "/connect"):
        headers = pages.get(path).headers
        policy = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split("; ")}
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
        assert policy["style-src"] == policy["script-src"] == policy["form-action"] == ["'self'"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_hosts_own_pages_keep_their_headers(pages: Pages) -> None:
    host = pages.browser.get("/no-such-page-of-the-host")
    assert "Content-Security-Policy" not in host.headers
    assert "Cache-Control" not in host.headers


def test_no_page_holds_an_inline_script_or_style(pages: Pages) -> None:
    for template in (folder("templates") / "amazon_channel").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert re.findall("<script(?! defer src=\"{{ url_for\\('amazon_channel.static')", text) == [], template
        assert "style=" not in text, template
        assert "|safe" not in text.replace(" ", ""), template
        for handler in ("onclick", "onsubmit", "javascript:"):
            assert handler not in text, template


def test_every_style_is_kept_within_our_own_element() -> None:
    sheets = sorted((PACKAGE / "static").glob("*.css"))
    lines = [line.strip() for sheet in sheets for line in sheet.read_text(encoding="utf-8").splitlines()]
    rules = [line for line in lines if "{" in line and not line.startswith(("@", "/*"))]
    assert len(rules) > 100
    assert [rule for rule in rules if not rule.startswith(".amazon-channel")] == []


def test_what_amazon_and_buyers_write_is_shown_as_text(pages: Pages) -> None:
    of = making.account(pages.db, name="<b>Potter</b>")
    here = making.store(pages.db, of)
    evil = "<script>alert(1)</script>"
    row = making.listing(pages.db, here, "\"><img src=x onerror='1'>", title=evil, asin="B0/../x")
    sold = making.order(pages.db, of, here, {"title": evil}, problem=evil)
    for path in ("/", f"/stores/{here.id}/listings", f"/listings/{row.id}", f"/orders/{sold.id}", "/orders"):
        page = pages.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "<b>Potter" not in page.text


def test_the_address_of_the_next_page_takes_over_only_what_we_know(pages: Pages) -> None:
    here = making.store(pages.db, making.account(pages.db))
    for number in range(51):
        making.listing(pages.db, here, f"MUG-{number:02}")
    page = pages.get(f"/stores/{here.id}/listings?_scheme=javascript&_external=1&endpoint=x&_anchor=x")
    assert page.status_code == 200
    assert 'rel="next"' in page.text
    assert "javascript" not in page.text


def app_with_protection(uri: str, *, before: bool) -> tuple[Flask, SQLAlchemy]:
    """Return an app whose host protects all its forms itself, set up before or after the channel."""
    app, db = Flask("protected"), SQLAlchemy()
    app.config |= {"SECRET_KEY": "a secret", "SQLALCHEMY_DATABASE_URI": uri}
    db.init_app(app)
    protection = CSRFProtect()
    if before:
        protection.init_app(app)
    AmazonChannel(app, db=db, shop=SmallShop(), authorize=Person(*making.ADMINISTRATOR).may)
    if not before:
        protection.init_app(app)
    return app, db


@pytest.mark.parametrize("before", [True, False], ids=["before us", "after us"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_forms_work_beside_the_hosts_own_protection(database_uri: str, before: bool, scheme: str) -> None:
    app, db = app_with_protection(database_uri, before=before)
    with app.app_context():
        making.current().ring = lambda: None
        Base.metadata.create_all(db.engine)
        here = making.store(db, making.account(db))
        pages = Pages(app, db, SmallShop(), Person())
        address, base = f"/amazon/stores/{here.id}/deactivate", f"{scheme}://shop.example"
        form = pages.browser.get(f"/amazon/stores/{here.id}", base_url=base)
        token = form.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        # A browser sends the referrer within the site, as our policy allows; over HTTPS Flask-WTF asks for it.
        referrer = {"Referer": base + "/"} if form.headers["Referrer-Policy"] == "same-origin" else {}
        refused = pages.browser.post(address, base_url=base, headers=referrer)
        assert refused.status_code == 400
        assert "load it again" in refused.text
        done = pages.browser.post(address, data={"csrf_token": token}, base_url=base, headers=referrer)
        assert done.status_code == 303
        assert not db.session.get_one(Store, here.id).is_active
        db.session.remove()
        db.engine.dispose()


def test_our_forms_ask_for_the_token_also_where_the_host_switched_its_own_off(pages: Pages) -> None:
    pages.app.config["WTF_CSRF_ENABLED"] = False
    here = making.store(pages.db, making.account(pages.db))
    assert pages.browser.post(f"/amazon/stores/{here.id}/deactivate").status_code == 400
    assert pages.db.session.get_one(Store, here.id).is_active


def test_a_host_can_override_the_layout_and_its_context_processors_run(pages: Pages) -> None:
    pages.app.context_processor(lambda: {"shop_name": "Mugs & more"})
    pages.app.jinja_loader = jinja2.DictLoader(
        {
            "amazon_channel/layout.html": "<title>{% block title %}{% endblock %}</title><h6>{{ shop_name }}</h6>"
            "{% block head %}{% endblock %}{% block content %}{% endblock %}"
        }
    )
    page = pages.get("/")
    assert "<h6>Mugs &amp; more</h6>" in page.text
    assert "No store yet" in said(page)
    assert "channel.css" in page.text


def test_a_page_of_the_host_gets_nothing_from_us_but_two_functions(pages: Pages) -> None:
    @pages.app.get("/host")
    def host() -> str:
        assert request.path == "/host"
        return render_template_string("{{ show is defined }} {{ links is defined }} {{ amazon_order is defined }}")

    assert pages.browser.get("/host").text == "False False True"


def test_a_failing_hook_of_the_shop_costs_the_link_and_not_the_page(pages: Pages) -> None:
    def broken(product_id: str) -> str:
        raise RuntimeError("no such page")

    pages.shop.product_url = broken  # type: ignore[method-assign]
    row = making.listing(pages.db, making.store(pages.db, making.account(pages.db)))
    assert "Mug 7" in pages.text(f"/listings/{row.id}")


def test_the_style_sheet_is_served_and_never_sniffed(pages: Pages) -> None:
    with pages.get("/static/channel.css") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "text/css")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
