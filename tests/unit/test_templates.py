"""Can every template be read, and does it keep the rules of the house?"""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import StrictUndefined, nodes

from consent.app import create_app
from consent.settings import Settings

FOLDER = Path(__file__).parents[2] / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("**/*.html"))
COMMENT = re.compile(r"{#.*?#}", re.DOTALL)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(Settings(instance=tmp_path_factory.mktemp("instance")))


def layout_of(app: Flask, template: str) -> str | None:
    parsed = app.jinja_env.parse((FOLDER / template).read_text("utf-8"))
    extended = parsed.find(nodes.Extends)
    return extended.template.value if extended else None


def test_a_name_that_no_view_gave_is_an_error_and_never_an_empty_space(app: Flask):
    assert app.jinja_env.undefined is StrictUndefined
    assert app.jinja_env.autoescape("page.html")


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_can_be_read(app: Flask, template: str):
    assert app.jinja_env.get_template(template)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_page_stands_in_a_layout_and_has_a_heading(app: Flask, template: str):
    text = COMMENT.sub("", (FOLDER / template).read_text("utf-8"))
    is_page = layout_of(app, template) is not None and not template.startswith("layouts/")
    assert ("<h1" in text) is is_page
    assert is_page or template == "layouts/page.html" or "<html" not in text


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_template_switches_escaping_off(template: str):
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", (FOLDER / template).read_text("utf-8"))
