"""Of what are the registry's answers made? Watches every one that is given, and opens what a page leads to."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask.signals import request_finished
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser, LexborNode
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

LEADS = ("href", "src", "action", "formaction", "xlink:href", "data", "srcdoc", "poster", "background")
"""Attributes whose value a browser opens."""
HTML, PDF, JSON = "text/html", "application/pdf", "application/json"
PICTURES = ("data:image/png;base64,", "data:image/svg+xml;base64,")
Built = set[tuple[str, str]]


@dataclass(slots=True)
class Seen:
    """What all answers together held."""

    pages: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    built: Built = field(default_factory=set)
    comments: list[str] = field(default_factory=list)
    leads_elsewhere: list[tuple[str, str]] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    papers: list[tuple[str, bytes]] = field(default_factory=list)
    headings: set[tuple[str, str]] = field(default_factory=set)

    def built_of(self, mark: str) -> Built:
        """Elements and attributes of that name."""
        return {(tag, name) for tag, name in self.built if mark in tag or mark in name}

    def see(self, _app: Flask, response: Response, **_told: object) -> None:
        page = request.endpoint or "none"
        self.pages[page] += 1
        self.statuses[page, response.status_code] += 1
        self.headers += response.headers.items()
        if response.mimetype == PDF:
            self.papers.append((request.path, response.get_data()))
        elif response.mimetype == HTML:
            tree = LexborHTMLParser(response.get_data(as_text=True))
            for node in tree.root.traverse() if tree.root else ():
                self._read_node(node)
            self.headings |= {(page, " ".join(node.text().split())) for node in tree.css("h1, h2")}

    def _read_node(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in {"-comment", "_comment", "!--"}:
            self.comments.append(node.html or "")
        attributes = node.attributes
        self.built.add((tag, ""))
        for name, value in attributes.items():
            self.built.add((tag, name))
            if name in LEADS and not is_our_own(value or ""):
                self.leads_elsewhere.append((tag, value or ""))


def is_our_own(lead: str) -> bool:
    """A path of this site as a browser reads it, or a picture written out in the page."""
    if lead.startswith(PICTURES):
        return True
    tidied = "".join(sign for sign in lead if sign > " ").replace("\\", "/")
    parts = urlsplit(tidied)
    return not (parts.scheme or parts.netloc or tidied.startswith("//"))


@contextmanager
def watching(app: Flask) -> Iterator[Seen]:
    """Every answer that is given meanwhile, to whomever."""
    seen = Seen()
    with request_finished.connected_to(seen.see, app):
        yield seen


def walk(app: Flask, client: FlaskClient, starts: Iterable[str], *, most: int) -> list[tuple[str, int]]:
    """Open these and all pages (no papers) that they lead to, so many of each kind; those that did not open."""
    waiting, known, opened = deque(starts), set(starts), Counter[str]()
    broken = []
    routes = app.url_map.bind("localhost")
    while waiting:
        path = waiting.popleft()
        page = _endpoint(routes, path)
        if opened[page] >= most or page == "static":
            continue
        opened[page] += 1
        with client.get(path) as answer:
            text = answer.text if answer.mimetype == HTML else ""
            answer.get_data()  # to its end, as a browser reads it
        if answer.status_code >= 400:
            broken.append((path, answer.status_code))
        for link in _links(text):
            if link not in known:
                known.add(link)
                waiting.append(link)
    return broken


def _links(text: str) -> Iterator[str]:
    for node in LexborHTMLParser(text).css("a[href]"):
        link = (node.attributes["href"] or "").partition("#")[0]
        if link.startswith("/") and not urlsplit(link).path.endswith(".pdf"):
            yield link


def _endpoint(routes: MapAdapter, path: str) -> str:
    try:
        return routes.match(urlsplit(path).path)[0]
    except HTTPException:
        return path
