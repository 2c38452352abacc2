"""Which tables does an import write and an export read? As plain tables, since rows by the thousand are no objects."""

from sqlalchemy import Table

from consent.storage import models
from consent.storage.database import Model


def _table(model: type[Model]) -> Table:
    return Model.metadata.tables[str(model.__tablename__)]


CONSENT = _table(models.Consent)
CONSENT_ANSWER = _table(models.ConsentAnswer)
CONSENT_PLATFORM = _table(models.ConsentPlatform)
CONSENT_PROGRAM = _table(models.ConsentProgram)
CONSENT_VOIDING = _table(models.ConsentVoiding)
ENROLLMENT = _table(models.Enrollment)
FORM_VERSION = _table(models.FormVersion)
FORM_WITHDRAWAL = _table(models.FormWithdrawal)
GUARDIAN = _table(models.Guardian)
GUARDIANSHIP = _table(models.Guardianship)
HOLD = _table(models.Hold)
PATRON = _table(models.Patron)
PATRON_HANDLE = _table(models.PatronHandle)
PATRON_MATCH = _table(models.PatronMatch)
PLATFORM = _table(models.Platform)
PROGRAM = _table(models.Program)
SHOWN_TEXT = _table(models.ShownText)
WITHDRAWAL = _table(models.Withdrawal)
WITHDRAWAL_USE = _table(models.WithdrawalUse)
WITHDRAWAL_VOIDING = _table(models.WithdrawalVoiding)
WITNESSING = _table(models.Witnessing)
