"""A person with a browser, without the browser: opens pages, fills in their forms and sends them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests


@dataclass
class Form:
    """A form as the page holds it, with the values that it would send untouched."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What was opened: its address, its text as a person reads it, its forms and links."""

    def __init__(self, answer: requests.Response) -> None:
        super().__init__()
        self.url, self.status = answer.url, answer.status_code
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self._words: list[str] = []
        self._select = self._area = self._link = ""
        self._is_silent = False
        self.feed(answer.text)
        self.text = " ".join(" ".join(self._words).split())

    def form(self, action: str) -> Form:
        """Return the first form whose address ends so."""
        found = next((form for form in self.forms if urlsplit(form.action).path.endswith(action)), None)
        if found is None:
            raise LookupError(f"{self.url} has no form for {action}.")
        return found

    def link(self, text: str) -> str:
        """Return the address behind the first link that says so."""
        if text not in self.links:
            raise LookupError(f"{self.url} has no link that says {text}.")
        return self.links[text]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag in ("script", "style"):
            self._is_silent = True
        elif tag == "a":
            self._link = urljoin(self.url, given.get("href", ""))
        elif tag == "form":
            self.forms.append(Form(urljoin(self.url, given.get("action", "")), given.get("method", "get")))
        elif self.forms and tag == "input" and name:
            self._input(name, given)
        elif self.forms and tag == "textarea" and name:
            self._area, self.forms[-1].fields[name] = name, ""
        elif tag == "select":
            self._select = name
        elif self.forms and tag == "option" and self._select:
            self._option(given)

    def _input(self, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("checkbox", "radio") and "checked" not in given:
            return
        self.forms[-1].fields[name] = given.get("value", "on" if kind in ("checkbox", "radio") else "")

    def _option(self, given: dict[str, str]) -> None:
        """A list sends its first entry unless another is selected."""
        fields = self.forms[-1].fields
        if self._select not in fields or "selected" in given:
            fields[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._is_silent = False
        elif tag == "a":
            self._link = ""
        elif tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._is_silent:
            return
        if self._area:
            # The first line break after the tag is not part of the text.
            self.forms[-1].fields[self._area] += data.removeprefix("\r\n").removeprefix("\n")
        if self._link and data.strip():
            self.links.setdefault(data.strip(), self._link)
        self._words.append(data)


class Visitor:
    """Somebody at the site `url`; keeps cookies and follows redirects, as browsers do."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False

    def open(self, address: str) -> Page:
        return self._page("GET", urljoin(self.url, address), {})

    def send(self, form: Form, **values: str) -> Page:
        """Send the form, filled in with these values."""
        return self._page(form.method.upper(), form.action, {**form.fields, **values})

    def log_in(self, email: str, password: str) -> None:
        page = self.send(self.open("/login").form("/login"), email=email, password=password)
        if urlsplit(page.url).path == "/login":
            raise LookupError(f"{email} cannot log in.")

    def _page(self, method: str, address: str, fields: dict[str, str]) -> Page:
        headers = {"Referer": address}
        answer = (
            self._session.get(address, params=fields, timeout=60)
            if method == "GET"
            else self._session.post(address, data=fields, headers=headers, timeout=60)
        )
        page = Page(answer)
        if not answer.ok:
            raise LookupError(f"{method} {urlsplit(address).path} answered {answer.status_code}: {page.text[:300]}")
        return page
