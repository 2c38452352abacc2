"""What was signed and taken back? As lines, each with its row's key."""

from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from consent.domain.exchange import lines as say
from consent.domain.exchange.lines import SELF
from consent.storage.exchange import tables as t
from consent.storage.exchange.children import children
from consent.storage.exchange.people import Found, Narrow


def consents(connection: Connection, narrow: Narrow) -> Found:
    """Those matched to a patron; of several matches the latest holds."""
    rows = connection.execute(narrow(MATCHED_CONSENTS)).all()
    answer, on, within = t.CONSENT_ANSWER, t.CONSENT_PLATFORM, t.CONSENT_PROGRAM
    answers = children(connection, select(answer), answer.c.consent_id, rows)
    platforms = children(
        connection,
        select(on.c.consent_id, t.PLATFORM.c.external_id).select_from(on.join(t.PLATFORM)),
        on.c.consent_id,
        [row for row in rows if not row.every_platform],
    )
    programs = children(
        connection,
        select(within.c.consent_id, t.PROGRAM.c.external_id).select_from(within.join(t.PROGRAM)),
        within.c.consent_id,
        [row for row in rows if not row.every_program],
    )
    return [(row.id, _consent(row, answers[row.id], platforms[row.id], programs[row.id])) for row in rows]


def _matched_consents() -> Select[Any]:
    consent, match = t.CONSENT, t.PATRON_MATCH
    latest = select(func.max(match.c.id)).where(match.c.consent_id == consent.c.id).correlate(consent).scalar_subquery()
    return select(
        consent,
        t.PATRON.c.external_id.label("patron"),
        func.coalesce(t.GUARDIAN.c.external_id, SELF).label("signer"),
        t.WITNESSING.c.at.label("witnessed_at"),
        t.CONSENT_VOIDING.c.at.label("voided_at"),
        t.FORM_VERSION.c.form,
        t.FORM_VERSION.c.version,
    ).select_from(
        consent.join(match, match.c.id == latest)
        .join(t.PATRON, t.PATRON.c.id == match.c.patron_id)
        .join(t.FORM_VERSION, t.FORM_VERSION.c.id == consent.c.form_version_id)
        .outerjoin(t.GUARDIAN, t.GUARDIAN.c.id == match.c.guardian_id)
        .outerjoin(t.WITNESSING, t.WITNESSING.c.consent_id == consent.c.id)
        .outerjoin(t.CONSENT_VOIDING, t.CONSENT_VOIDING.c.consent_id == consent.c.id)
    )


MATCHED_CONSENTS = _matched_consents()


def _consent(
    row: Row[Any], answers: list[tuple[str, str]], platforms: list[str], programs: list[str]
) -> say.ConsentLine:
    return say.ConsentLine(
        id=row.external_id,
        patron=row.patron,
        signer=row.signer,
        signed_at=row.signed_at,
        witnessed_at=row.witnessed_at,
        answers=tuple(sorted(answers)),
        channels=tuple(sorted(row.channels.split())),
        platforms=None if row.every_platform else tuple(sorted(platforms)),
        programs=None if row.every_program else tuple(sorted(programs)),
        expires_at=row.expires_at,
        form=row.form,
        version=row.version,
        language=row.language,
        voided_at=row.voided_at,
    )


def withdrawals(connection: Connection, narrow: Narrow) -> Found:
    use = t.WITHDRAWAL_USE
    rows = connection.execute(narrow(WITHDRAWALS)).all()
    uses = children(connection, select(use), use.c.withdrawal_id, [row for row in rows if not row.every_use])
    return [
        (
            row.id,
            say.WithdrawalLine(
                row.external_id,
                row.patron,
                row.signer,
                row.at,
                None if row.every_use else tuple(sorted(uses[row.id])),
                row.voided_at,
            ),
        )
        for row in rows
    ]


def _withdrawals() -> Select[Any]:
    withdrawal = t.WITHDRAWAL
    return select(
        withdrawal,
        t.PATRON.c.external_id.label("patron"),
        func.coalesce(t.GUARDIAN.c.external_id, SELF).label("signer"),
        t.WITHDRAWAL_VOIDING.c.at.label("voided_at"),
    ).select_from(
        withdrawal.join(t.PATRON, t.PATRON.c.id == withdrawal.c.patron_id)
        .outerjoin(t.GUARDIAN, t.GUARDIAN.c.id == withdrawal.c.guardian_id)
        .outerjoin(t.WITHDRAWAL_VOIDING, t.WITHDRAWAL_VOIDING.c.withdrawal_id == withdrawal.c.id)
    )


WITHDRAWALS = _withdrawals()
