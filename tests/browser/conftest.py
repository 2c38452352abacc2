"""What does a browser test start from? Chromium, the registry served here, and a page that tells on itself."""

import os
import shutil
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = os.environ.get("CONSENT_TEST_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    assert found, "No Chromium on this machine; `make test` installs one or says how"
    # Chromium has no sandbox for the superuser, as whom CI runs.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def database() -> str:
    """A browser sees no difference; what does is tested on both databases elsewhere."""
    return "sqlite"


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The registry's address."""
    server = make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    """A fresh browser window. Whatever its console says against our own pages fails the test."""
    with chromium.new_context(base_url=site) as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        yield page
        assert [
            line for line in said if "Failed to load resource: the server responded with a status" not in line
        ] == []


@pytest.fixture(scope="session")
def violations():
    """What axe finds wrong with a page, by rule."""
    axe = Axe()
    return lambda page: {found["id"]: found["nodes"] for found in axe.run(page).response["violations"]}
