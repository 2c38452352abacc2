"""What is served to be measured? The registry, and beside it the floors: the least that could answer at all."""

import os
import threading
from pathlib import Path

import pysqlite3
from flask import Flask, Response, jsonify, request

from consent.app import create_app

JOIN = """
SELECT consent.external_id, consent.signed_at, consent.expires_at, consent_answer.answer, witnessing.at
FROM patron
JOIN patron_match ON patron_match.patron_id = patron.id
JOIN consent ON consent.id = patron_match.consent_id
JOIN consent_answer ON consent_answer.consent_id = consent.id AND consent_answer.use = 'photo'
LEFT JOIN witnessing ON witnessing.consent_id = consent.id
WHERE patron.external_id = ?
"""


def registry() -> Flask:
    """The registry as it is installed, with the settings of the environment."""
    return create_app()


def hello() -> Flask:
    """A view that answers a small JSON."""
    app = Flask("hello")

    @app.get("/hello")
    def answer() -> Response:
        return jsonify(verdict="allow")

    return app


def join() -> Flask:
    """A view that reads one patron's records and neither asks who wants to know, nor decides, nor records."""
    app = Flask("join")
    mine = threading.local()

    @app.get("/join")
    def answer() -> Response:
        if not hasattr(mine, "connection"):
            mine.connection = pysqlite3.connect(Path(os.environ["CONSENT_INSTANCE"]) / "registry.sqlite")
        rows = mine.connection.execute(JOIN, [request.args["patron"]]).fetchall()
        return jsonify(verdict="allow" if rows else "deny", records=[row[0] for row in rows])

    return app
