"""Does the API answer as its own document says it does, whatever it is asked?"""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from consent.app import create_app
from consent.services.tokens import add_token
from consent.settings import Settings
from consent.storage.database import db
from tests.builders.camp import keep
from tests.builders.registries import dispose
from tests.builders.small_registry import lines
from tests.depth import DEPTH, SEED

EXAMPLES = 100 * DEPTH
AS_THE_DOCUMENT_SAYS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def asked_often(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[tuple[Flask, str]]:
    """A registry, and a token for it."""
    instance = tmp_path_factory.mktemp("asked")
    shutil.copy(migrated_sqlite, instance / "registry.sqlite")
    app = create_app(Settings(instance=instance, api_checks_per_second=10_000))
    now = datetime.now(UTC)
    keep(app, lines(), now=now)
    with app.app_context():
        token = add_token(db.session(), "archive", by="command-line", now=now)
    yield app, token
    dispose(app)


GOOD, WRONG = {200, 404}, {400, 401, 422}


@pytest.mark.parametrize(
    ("sent", "at_least", "at_most"),
    [(GenerationMode.POSITIVE, GOOD, GOOD), (GenerationMode.NEGATIVE, WRONG, WRONG | GOOD)],
    ids=["as the document says", "otherwise than it says"],
)
def test_every_answer_is_of_the_kind_that_the_document_tells(
    asked_often: tuple[Flask, str], sent: GenerationMode, at_least: set[int], at_most: set[int]
):
    app, token = asked_often
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    statuses = set()

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=document["/api/v1/checks"]["POST"].as_strategy(generation_mode=sent))
    def ask(case: schemathesis.Case) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=AS_THE_DOCUMENT_SAYS)

    ask()
    assert at_least <= statuses <= at_most
