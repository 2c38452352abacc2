"""How is a registry made ready before a test, and left after it?"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from consent.app import create_app
from consent.settings import Settings
from consent.storage.database import db
from consent.storage.schema import upgrade_schema


def migrate(settings: Settings) -> None:
    """Make its tables."""
    app = create_app(settings)
    with app.app_context():
        upgrade_schema()
    dispose(app)


def dispose(app: Flask) -> None:
    """Close its connections."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def hash_quickly(app: Flask) -> None:
    """A password's hash is slow on purpose; as a test's own, it protects nothing."""
    app.extensions["security"].pwd_context.update(argon2__rounds=1, argon2__memory_cost=8, argon2__parallelism=1)


def compile_rules_once() -> None:
    """Most of the time in which an app is made goes into compiling the address of each page, the same for every app."""
    compile_anew = Rule._compile_builder  # noqa: SLF001  # werkzeug has no other place for it
    compiled: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        known_by = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)  # noqa: SLF001  # as above
        if known_by not in compiled:
            compiled[known_by] = compile_anew(rule, append_unknown)
        return compiled[known_by]

    Rule._compile_builder = compile_once  # noqa: SLF001  # as above
