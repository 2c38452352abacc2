"""What can the registry refuse to do, and why? The parent of every refusal that a person can meet."""


class ConsentError(Exception):
    """A refusal with a sentence that a person can act on; nothing was changed."""


class RegistryBusy(ConsentError):
    """Another change held the registry for too long; ask again."""


class UnknownProgram(ConsentError):
    """No program has this id."""


class UnknownPlatform(ConsentError):
    """No platform has this id."""


class UnknownPatron(ConsentError):
    """Nobody has this id."""


class PersonErased(ConsentError):
    """Two people ordered that what the registry held of this person be erased."""


class UnknownRoster(ConsentError):
    """No printed roster has this serial number."""


class UnknownRecord(ConsentError):
    """No signed record, withdrawal, hold, guardianship or request has this id."""


class UnknownGuardian(ConsentError):
    """No guardian has this id."""


class SentBefore(ConsentError):
    """The same form was saved already, with other answers."""


class EndedAlready(ConsentError):
    """It has its end by then already: an end moves earlier, never later."""


class InTheFuture(ConsentError):
    """What has happened lies in the past."""
