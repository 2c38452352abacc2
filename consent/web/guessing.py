"""May a stranger open one more address that holds a secret? So many a minute, so that nobody finds one by guessing."""

from flask import request
from flask_security import current_user

from consent.domain.throttle import Scope
from consent.services.throttle import TooManyTries, count_try
from consent.storage.database import db
from consent.web.asking import clock


def count_guess() -> None:
    """Count one look behind such an address, good or bad; whoever is signed in is known. Raises TooManyTries."""
    if current_user.is_authenticated:
        return
    if wait := count_try(db.session(), Scope.TOKEN_LOOK_UP, request.remote_addr or "", now=clock()):
        raise TooManyTries(wait)
