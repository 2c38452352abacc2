"""How is a registry made ready before a test, and left after it?"""

from collections import defaultdict
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache
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
    compile_anew = Rule.compile
    compiled: dict[tuple[Any, ...], Rule] = {}

    def compile_once(rule: Rule) -> None:
        known_by = (rule.rule, rule.is_leaf, rule.merge_slashes, rule.subdomain, rule.host, repr(rule.defaults))
        if known_by not in compiled:
            compile_anew(rule)
            compiled[known_by] = rule
            return
        known = compiled[known_by]
        rule.arguments |= known.arguments
        for name in ("_parts", "_trace", "_converters"):
            setattr(rule, name, getattr(known, name))
        for name in ("_build", "_build_unknown"):
            setattr(rule, name, getattr(known, name).__func__.__get__(rule))

    Rule.compile = compile_once


class SharedStatements(LRUCache[Any, Any]):
    """Compiled statements of all engines that speak one dialect. SQLAlchemy keeps a list for each engine's own."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


def compile_statements_once() -> None:
    """A statement is compiled for the first of the run's registries only; an eighth of a run went into it."""
    make_engine = SQLAlchemy._make_engine  # noqa: SLF001  # Flask-SQLAlchemy offers it to be overridden
    shared: dict[type, SharedStatements] = defaultdict(lambda: SharedStatements(10_000))

    def make_engine_that_shares(self: SQLAlchemy, *arguments: Any) -> Engine:
        engine = make_engine(self, *arguments)
        engine._compiled_cache = shared[type(engine.dialect)]  # noqa: SLF001  # SQLAlchemy has no other place for it
        return engine

    SQLAlchemy._make_engine = make_engine_that_shares  # noqa: SLF001  # as above
