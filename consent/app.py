"""How is the registry put together? The only module that knows every layer, and nothing imports it."""

from pathlib import Path

from flask import Flask
from flask.cli import ScriptInfo
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from consent.cli.backups import backup, restore
from consent.cli.demo import demo
from consent.cli.doctor import doctor as doctor_command
from consent.cli.evidence import evidence
from consent.cli.exchange import export, import_
from consent.cli.group import RegistryGroup
from consent.cli.kiosks import kiosk
from consent.cli.paper import card, roster
from consent.cli.serving import serve
from consent.cli.staff import staff as staff_commands
from consent.cli.tick import tick
from consent.cli.tokens import token
from consent.cli.verification import checkpoint, verify
from consent.services.terms import TERMS, Terms
from consent.settings import Settings, instance_secret, load_settings
from consent.storage.database import CHECKS, db, engine_options, prepare_engines
from consent.storage.schema import MIGRATIONS
from consent.web import (
    account,
    account_factors,
    accounts,
    authorizations,
    cards,
    clearances,
    copies,
    corrections,
    dashboard,
    doctor,
    erasures,
    first_steps,
    groups,
    groups_people,
    guardianships,
    holds,
    kiosk_answers,
    kiosk_questions,
    kiosk_sign,
    kiosk_staff,
    kiosk_start,
    kiosks,
    looks,
    lookup,
    notes,
    paper_entries,
    paper_forms,
    patrons,
    pictures,
    platforms,
    policy,
    programs,
    recordings,
    reports,
    rosters,
    rules,
    setup,
    sign_in_again,
    sign_in_second,
    spokespersons,
    staff,
    takedowns,
    training,
    verification,
    versions,
    voidings,
    withdrawals,
    witness,
)
from consent.web.checks import init_checks
from consent.web.doors import Registry
from consent.web.house import init_web

FEATURES = (
    account.bp,
    account_factors.bp,
    accounts.bp,
    authorizations.bp,
    cards.bp,
    clearances.bp,
    copies.bp,
    corrections.bp,
    dashboard.bp,
    doctor.bp,
    erasures.bp,
    first_steps.bp,
    groups.bp,
    groups_people.bp,
    guardianships.bp,
    holds.bp,
    kiosk_answers.bp,
    kiosk_questions.bp,
    kiosk_sign.bp,
    kiosk_staff.bp,
    kiosk_start.bp,
    kiosks.bp,
    looks.bp,
    lookup.bp,
    notes.bp,
    paper_entries.bp,
    paper_forms.bp,
    patrons.bp,
    pictures.bp,
    platforms.bp,
    policy.bp,
    programs.bp,
    recordings.bp,
    reports.bp,
    rosters.bp,
    rules.bp,
    setup.bp,
    sign_in_again.bp,
    sign_in_second.bp,
    spokespersons.bp,
    staff.bp,
    takedowns.bp,
    training.bp,
    verification.bp,
    versions.bp,
    voidings.bp,
    withdrawals.bp,
    witness.bp,
)
TEMPLATES = Path(__file__).parent.parent / "templates"


def create_app(settings: Settings | None = None) -> Flask:
    """The registry as a WSGI application. Raises SettingsError for a wrong setting."""
    settings = settings or load_settings()
    app = Registry("consent", template_folder=str(TEMPLATES), instance_path=str(settings.instance.resolve()))
    app.config.from_mapping(
        CONSENT=settings,
        SECRET_KEY=instance_secret(settings.instance, "secret-key"),
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database),
        SQLALCHEMY_BINDS={CHECKS: {"url": settings.database, **engine_options(settings.database, checks=True)}},
    )
    _connect_database(app, settings)
    init_web(app)
    init_checks(app)
    for feature in FEATURES:
        app.register_blueprint(feature)
    if proxies := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]  # as Flask tells to
    return app


def _connect_database(app: Flask, settings: Settings) -> None:
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS))
    with app.app_context():
        prepare_engines(dict(db.engines), settings.instance)
        TERMS[db.engine] = Terms(settings.takedown_days, settings.zone)


main = RegistryGroup(
    "consent",
    help="The patron consent registry: may we show, tag or message this person, now?",
    context_settings={"obj": ScriptInfo(create_app=create_app), "help_option_names": ["-h", "--help"]},
    commands=[
        backup,
        card,
        checkpoint,
        demo,
        doctor_command,
        evidence,
        export,
        import_,
        kiosk,
        restore,
        roster,
        serve,
        staff_commands,
        tick,
        token,
        verify,
    ],
)
