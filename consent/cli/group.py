"""How does a command of the registry run? On an up-to-date registry; 0 is done, 1 refused with the reason, 2 wrong usage."""

import click
from flask import current_app
from flask.cli import ScriptInfo
from sqlalchemy.exc import OperationalError

from consent.domain.refusals import ConsentError
from consent.settings import SettingsError
from consent.storage.schema import upgrade_schema


class RegistryCommand(click.Command):
    """A command that finds the app's context open and its schema up to date. A refusal ends it with a sentence."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            if not current_app:
                app = ctx.ensure_object(ScriptInfo).load_app()
                ctx.with_resource(app.app_context())
            upgrade_schema()
            return super().invoke(ctx)
        except (ConsentError, SettingsError) as refusal:
            raise click.ClickException(str(refusal)) from refusal
        except OperationalError as broken:
            raise click.ClickException(f"The database did not answer: {broken.orig}") from broken


class RegistryGroup(click.Group):
    """Commands of one kind; each made by `@group.command()` is a RegistryCommand."""

    command_class = RegistryCommand
    group_class = type
