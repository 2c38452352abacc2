"""How is a registry made ready before a test, and left after it?"""

from flask import Flask

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
