"""Which rows does a line become? One function for each table; the plan knows the keys of what a line refers to."""

from collections.abc import Iterator
from typing import Any

from consent.domain.exchange.lines import (
    SELF,
    ConsentLine,
    EnrollmentLine,
    FormLine,
    GuardianLine,
    GuardianshipLine,
    HoldLine,
    LineType,
    PatronLine,
    PlatformLine,
    ProgramLine,
    WithdrawalLine,
)
from consent.domain.vocabulary import Assurance, Language
from consent.services.exchange.planning import Plan
from consent.services.form_texts import shown_sha256, shown_text, text_sha256

Row = dict[str, Any]


def platform(line: PlatformLine, _plan: Plan) -> Row:
    return {
        "external_id": line.id,
        "name": line.name,
        "approved_from": line.approved_from,
        "approved_until": line.approved_until,
    }


def program(line: ProgramLine, _plan: Plan) -> Row:
    return {"external_id": line.id, "name": line.name, "starts": line.starts, "ends": line.ends}


def form_version(line: FormLine, _plan: Plan) -> Row:
    return {
        "form": line.id,
        "version": line.version,
        "uses": list(line.uses),
        "title_en": line.title.en,
        "title_es": line.title.es,
        "body_en": line.body.en,
        "body_es": line.body.es,
        "text_sha256": form_sha256(line),
        "published_at": line.published_at,
    }


def form_sha256(line: FormLine) -> str:
    return text_sha256(title=line.title._asdict(), body=line.body._asdict())


def patron(line: PatronLine, _plan: Plan) -> Row:
    return {
        "external_id": line.id,
        "first_name": line.first_name,
        "last_name": line.last_name,
        "born": line.born,
        "adult": line.adult,
        "emancipated_on": line.emancipated_on,
    }


def handles(line: PatronLine, plan: Plan) -> Iterator[Row]:
    patron_id, platforms = plan.keys[LineType.PATRON][line.id], plan.keys[LineType.PLATFORM]
    for platform_id, account in line.handles:
        yield {"patron_id": patron_id, "platform_id": platforms[platform_id], "account": account}


def guardian(line: GuardianLine, _plan: Plan) -> Row:
    return {
        "external_id": line.id,
        "first_name": line.first_name,
        "last_name": line.last_name,
        "email": line.email,
        "phone": line.phone,
    }


def guardianship(line: GuardianshipLine, plan: Plan) -> Row:
    return {
        "patron_id": plan.keys[LineType.PATRON][line.patron],
        "guardian_id": plan.keys[LineType.GUARDIAN][line.guardian],
        "relationship": line.relationship,
        "since": line.since,
        "until": line.until,
        "beyond_majority": line.beyond_majority,
    }


def enrollment(line: EnrollmentLine, plan: Plan) -> Row:
    return {
        "program_id": plan.keys[LineType.PROGRAM][line.program],
        "patron_id": plan.keys[LineType.PATRON][line.patron],
    }


def consent(line: ConsentLine, plan: Plan) -> Row:
    form = plan.form_of(line)
    return {
        "external_id": line.id,
        "signing_id": None,
        "form_version_id": plan.keys[LineType.FORM][form.named],
        "shown_sha256": shown_sha256(shown(form, line.language)),
        "language": line.language,
        "assurance": Assurance.IMPORTED.value,
        "signed_at": line.signed_at,
        "expires_at": line.expires_at,
        "channels": " ".join(line.channels),
        "every_platform": line.platforms is None,
        "every_program": line.programs is None,
        "signature": None,
    }


def match(line: ConsentLine, plan: Plan) -> Row:
    return {
        "consent_id": plan.keys[LineType.CONSENT][line.id],
        "patron_id": plan.keys[LineType.PATRON][line.patron],
        "guardian_id": signer_key(line, plan),
        "matched_by": None,
    }


def answers(line: ConsentLine, plan: Plan) -> Iterator[Row]:
    key = plan.keys[LineType.CONSENT][line.id]
    for use, answer in line.answers:
        yield {"consent_id": key, "use": use, "answer": answer}


def platforms(line: ConsentLine, plan: Plan) -> Iterator[Row]:
    key = plan.keys[LineType.CONSENT][line.id]
    for platform_id in line.platforms or ():
        yield {"consent_id": key, "platform_id": plan.keys[LineType.PLATFORM][platform_id]}


def programs(line: ConsentLine, plan: Plan) -> Iterator[Row]:
    key = plan.keys[LineType.CONSENT][line.id]
    for program_id in line.programs or ():
        yield {"consent_id": key, "program_id": plan.keys[LineType.PROGRAM][program_id]}


def withdrawal(line: WithdrawalLine, plan: Plan) -> Row:
    return {
        "external_id": line.id,
        "patron_id": plan.keys[LineType.PATRON][line.patron],
        "guardian_id": signer_key(line, plan),
        "at": line.at,
        "every_use": line.uses is None,
        "assurance": Assurance.IMPORTED.value,
    }


def uses(line: WithdrawalLine, plan: Plan) -> Iterator[Row]:
    key = plan.keys[LineType.WITHDRAWAL][line.id]
    for use in line.uses or ():
        yield {"withdrawal_id": key, "use": use}


def hold(line: HoldLine, plan: Plan) -> Row:
    return {
        "external_id": line.id,
        "patron_id": plan.keys[LineType.PATRON][line.patron],
        "since": line.since,
        "until": line.until,
        "reason": line.reason,
    }


def signer_key(line: ConsentLine | WithdrawalLine, plan: Plan) -> int | None:
    """No guardian stands for the patron."""
    return None if line.signer == SELF else plan.keys[LineType.GUARDIAN][line.signer]


def shown(form: FormLine, language: str) -> str:
    """What a signer of that language had before them."""
    at = list(Language).index(Language(language))
    return shown_text(title=form.title[at], body=form.body[at])
