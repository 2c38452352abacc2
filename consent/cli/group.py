"""How does a command run? On an up-to-date registry; it ends with 0 (done), 1 (refused, and why) or 2 (wrong usage)."""

import click
from flask import has_app_context
from flask.cli import ScriptInfo
from sqlalchemy.exc import OperationalError

from consent.domain.refusals import ConsentError
from consent.settings import SettingsError
from consent.storage.schema import upgrade_schema

BY_COMMAND_LINE = "command-line"
"""Who did it, in the ledger: whoever may sign in to this machine."""


class RefusingCommand(click.Command):
    """A command that needs no registry to be there. A refusal ends it with a sentence."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            self.prepare(ctx)
            return super().invoke(ctx)
        except (ConsentError, SettingsError) as refusal:
            raise click.ClickException(str(refusal)) from refusal
        except OSError as broken:
            raise click.ClickException(f"{broken.filename or 'A file'}: {broken.strerror}") from broken
        except OperationalError as broken:
            raise click.ClickException(f"The database did not answer: {broken.orig}") from broken

    def prepare(self, ctx: click.Context) -> None:
        """Whatever must be so before the command's own work."""


class RegistryCommand(RefusingCommand):
    """A command that finds the app's context open and its schema up to date."""

    def prepare(self, ctx: click.Context) -> None:
        if not has_app_context():
            app = ctx.ensure_object(ScriptInfo).load_app()
            ctx.with_resource(app.app_context())
        upgrade_schema()


class RegistryGroup(click.Group):
    """Commands of one kind; each made by `@group.command()` is a RegistryCommand."""

    command_class = RegistryCommand
    group_class = type
