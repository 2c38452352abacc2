"""Did they prove that it is them? By a key's touch, a code, a recovery code or the password; each try is counted."""

import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, session
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from consent.domain.sign_in import Proof
from consent.domain.throttle import Scope
from consent.services import authenticators, security_keys
from consent.services.passwords import is_password_of
from consent.services.second_factors import use_recovery_code
from consent.services.security_keys import Site
from consent.storage.database import db
from consent.storage.models import Staff
from consent.web.asking import clock, department, settings
from consent.web.tries import count_proof, forget_proof, note_refusal, say_wait
from forms.sign_in import CodeForm, PasswordForm, RecoveryCodeForm, TouchForm

CHALLENGE = "challenge"
CHALLENGE_BYTES = 32


def proof_by_touch(form: TouchForm, staff: Staff) -> bool:
    used = security_keys.use_key(
        db.session(), staff.id, form.answer.data or "", challenge_sent(), site=site(), now=clock()
    )
    return used or _wrong(form, _("The security key was not recognized. Try again, or use another way."))


def proof_by_code(form: CodeForm, staff: Staff) -> bool:
    used = authenticators.use_code(db.session(), staff.id, form.code.data or "", secret=app_secret(), now=clock())
    return used or _wrong(form, _("The code is wrong or was used already. Wait for the next one, and enter that."))


def proof_by_recovery_code(form: RecoveryCodeForm, staff: Staff) -> bool:
    used = use_recovery_code(db.session(), staff.id, form.recovery_code.data or "", now=clock())
    return used or _wrong(form, _("The recovery code is wrong or was used already. Check it, or use the next one."))


def proof_by_password(form: PasswordForm, staff: Staff) -> bool:
    return is_password_of(staff, form.password.data or "") or _wrong(form, _("The password is wrong. Try again."))


WAYS: dict[type[FlaskForm], tuple[Proof, Callable[[Any, Staff], bool]]] = {
    TouchForm: (Proof.SECURITY_KEY, proof_by_touch),
    CodeForm: (Proof.AUTHENTICATOR, proof_by_code),
    RecoveryCodeForm: (Proof.RECOVERY_CODE, proof_by_recovery_code),
    PasswordForm: (Proof.PASSWORD, proof_by_password),
}


def prove(form: FlaskForm, staff: Staff, scope: Scope) -> Proof | timedelta | None:
    """By what they proved it, or how long they must wait; None where it was not proven, and the form says why."""
    if not form.validate_on_submit():
        return None
    staff_id = staff.id
    if wait := count_proof(scope, staff_id):
        say_wait(form, wait)
        return wait
    proof, is_proven = WAYS[type(form)]
    if is_proven(form, staff):
        forget_proof(scope, staff_id)
        return proof
    note_refusal()
    return None


def ask_for_a_touch(staff: Staff) -> str | None:
    """What the page asks the browser; None where this person has no security key."""
    challenge = new_challenge()
    asked = security_keys.ask_for_a_touch(db.session(), staff.id, challenge, site=site())
    return asked if json.loads(asked)["allowCredentials"] else None


def new_challenge() -> bytes:
    """Good for the next answer from this browser only."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    session[CHALLENGE] = challenge.hex()
    return challenge


def challenge_sent() -> bytes:
    return bytes.fromhex(session.pop(CHALLENGE, "")) or secrets.token_bytes(CHALLENGE_BYTES)


def site() -> Site:
    """Only a proxy in front knows of https, so what the base address says is ours too."""
    base = urlsplit(settings().base_url)
    origins = [request.host_url.rstrip("/"), f"{base.scheme}://{base.netloc}"]
    return Site(urlsplit(request.host_url).hostname or "", origins, department())


def keys_work_here() -> bool:
    """A security key is tied to a name; browsers refuse an address in numbers."""
    try:
        ip_address(site().host)
    except ValueError:
        return True
    return False


def app_secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _wrong(form: FlaskForm, said: str) -> bool:
    form.form_errors = [said]
    return False
