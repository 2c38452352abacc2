"""What does somebody type at the terminal, and what are they told?"""

from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from consent.app import create_app, main
from consent.settings import Settings
from tests.builders.registries import dispose


def typed(*arguments: str) -> Result:
    """A command of its own, which opens the registry that the environment names."""
    opened: list[Flask] = []

    def open_app(settings: Settings | None = None) -> Flask:
        opened.append(create_app(settings))
        return opened[-1]

    done = CliRunner().invoke(main, arguments, obj=ScriptInfo(create_app=open_app))
    for app in opened:
        dispose(app)
    return done
