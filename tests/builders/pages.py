"""What would a browser send? The form of a page as it was filled by the server, changed where somebody types."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

ON_ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"])
"""For what a page says before anything is stored: no database makes a difference."""
ANSWER = r'<[a-z]+ (?:class="[^"]*" )?data-verdict="([^"]*)" data-use="{use}" data-reason="([^"]*)"'


class FormReader(HTMLParser):
    """The values of the page's main form, in which somebody types."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.values: MultiDict[str, str] = MultiDict()
        self.area = self.choosing = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = dict(attributes)
        name, value = told.get("name") or "", told.get("value") or ""
        if tag == "form":
            self.inside = "keeping-form" in (told.get("class") or "")
        elif self.inside and tag == "input" and (told.get("type") not in {"radio", "checkbox"} or "checked" in told):
            self.values.add(name, value)
        elif self.inside and tag == "textarea":
            self.area = name
            self.values[name] = ""
        elif self.inside and tag == "select":
            self.choosing = name
        elif self.inside and tag == "option" and "selected" in told:
            self.values[self.choosing] = value

    def handle_data(self, text: str) -> None:
        if self.area:
            self.values[self.area] += text.removeprefix("\n").removeprefix("\r\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "form":
            self.inside = False


def form_on(page: str) -> MultiDict[str, str]:
    reader = FormReader()
    reader.feed(page)
    return reader.values


def fill(client: FlaskClient, path: str, **typed: Any) -> MultiDict[str, str]:
    """What is sent when somebody opens the page and types this; a list is several ticks, None takes a field out."""
    values = form_on(client.get(path).text)
    assert values, f"{path} has no form"
    for name, value in typed.items():
        values.poplist(name)
        if value is not None:
            values.setlist(name, value if isinstance(value, list) else [value])
    return values


def send(client: FlaskClient, path: str, **typed: Any) -> TestResponse:
    return client.post(path, data=fill(client, path, **typed))


def answer_on(page: str, use: str = "photo") -> tuple[str, str]:
    """(what it shows, why) for one use, as a page of answers tells it."""
    found = re.search(ANSWER.format(use=use), page)
    assert found, f"no answer for {use}"
    return found[1], found[2]


def answer(client: FlaskClient, patron: str, use: str = "photo") -> tuple[str, str]:
    return answer_on(client.get(f"/patrons/{patron}").text, use)


def errors_on(page: str) -> list[str]:
    """What stands next to the fields."""
    found = re.findall(r'id="([\w-]+)-error">', page)
    return [str(field) for field in found]
