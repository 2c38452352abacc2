"""May staff sign in with the city's own account (OpenID Connect)? Whoever has an account here, and nobody else.

It is off unless an issuer is set. Besides mail it is the one thing for which the registry calls out, and only to that
issuer. A second factor is then the issuer's to ask for.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from flask import Blueprint, Flask, current_app, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consent.domain.sign_in import Proof
from consent.services.staff_sign_in import staff_with_email
from consent.settings import Settings, SettingsError
from consent.storage.database import db
from consent.storage.models import Staff
from consent.web.access import anybody
from consent.web.addresses import same_site_path
from consent.web.asking import settings, today
from consent.web.sign_in_state import let_in, way_on
from consent.web.tries import note_refusal
from forms.sign_in import SignInForm

PROVIDER, WAY = "consent_provider", "provider_way"
METADATA: Final = "/.well-known/openid-configuration"
PATIENCE_SECONDS: Final = 10

bp = Blueprint("sign_in_provider", __name__, url_prefix="/sign-in/provider")


@dataclass(frozen=True, slots=True)
class Provider:
    """The library's client, and what it raises where an answer does not hold."""

    client: Any
    failures: tuple[type[Exception], ...]


def init_sign_in_provider(app: Flask) -> None:
    settings: Settings = app.config["CONSENT"]
    app.jinja_env.globals.update(single_sign_on=bool(settings.oidc_issuer))
    if settings.oidc_issuer:
        app.extensions[PROVIDER] = _connect(app, settings)
        app.register_blueprint(bp)


@bp.get("")
@anybody("staff sign in with the city's own account")
def start() -> ResponseReturnValue:
    session[WAY] = way_on()
    back = settings().base_url.rstrip("/") + url_for("sign_in_provider.answer")
    provider: Provider = current_app.extensions[PROVIDER]
    try:
        led: ResponseReturnValue = provider.client.authorize_redirect(back)
    except provider.failures:
        return _refuse(_("The city's sign-in does not answer. Try again, or use your password here."))
    return led


@bp.get("/answer")
@anybody("the city's sign-in sends staff back to here")
def answer() -> ResponseReturnValue:
    way = same_site_path(session.pop(WAY, None)) or "/"
    provider: Provider = current_app.extensions[PROVIDER]
    try:
        told = provider.client.authorize_access_token().get("userinfo") or {}
    except provider.failures:
        return _refuse(_("The city's sign-in did not let you in. Try again, or use your password here."))
    staff = _whose(told)
    if staff is None:
        return _refuse(_("Your city account has no verified email address that belongs to an account here."))
    return let_in(staff, Proof.PROVIDER, way)


def _whose(told: dict[str, Any]) -> Staff | None:
    """An account here, by an address that the issuer has verified; one is never made."""
    if (
        str(told.get("iss", "")).rstrip("/") != settings().oidc_issuer.rstrip("/")
        or told.get("email_verified") is not True
    ):
        return None
    return staff_with_email(db.session(), str(told.get("email", "")), today=today())


def _refuse(said: str) -> ResponseReturnValue:
    note_refusal()
    form = SignInForm(formdata=None)
    form.form_errors = [said]
    return render_template("sign_in/sign_in.html", form=form), 403


def _connect(app: Flask, settings: Settings) -> Provider:
    """The library comes with the extra `sso`; who does not use it does not install it."""
    try:
        client, errors, jose, requests = map(
            import_module,
            ("authlib.integrations.flask_client", "authlib.common.errors", "joserfc.errors", "requests"),
        )
    except ModuleNotFoundError as missing:
        raise SettingsError("CONSENT_OIDC_ISSUER: single sign-on needs the package's extra sso") from missing
    registered = client.OAuth(app).register(
        "provider",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        server_metadata_url=settings.oidc_issuer.rstrip("/") + METADATA,
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "default_timeout": PATIENCE_SECONDS},
    )
    return Provider(registered, (errors.AuthlibBaseError, jose.JoseError, requests.RequestException))
