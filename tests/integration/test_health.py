"""Does a watching machine learn whether the registry answers?"""

from pathlib import Path

from flask.testing import FlaskClient

from consent.app import create_app
from consent.settings import Settings


def test_a_registry_that_reaches_its_database_says_so_and_nothing_else(client: FlaskClient):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_registry_without_its_database_says_so(tmp_path: Path):
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:9/registry?connect_timeout=1"
    app = create_app(Settings(instance=tmp_path, database_url=nowhere))
    assert app.test_client().get("/healthz").status_code == 503


def test_a_file_that_was_taken_away_is_a_database_that_does_not_answer(app, database, settings) -> None:
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    if database == "sqlite":
        (settings.instance / "registry.sqlite").rename(settings.instance / "elsewhere.sqlite")
        assert client.get("/healthz").status_code == 503
