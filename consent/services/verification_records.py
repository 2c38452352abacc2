"""Do the texts, the signed records and the name index say what they were made from? Each is made anew and compared."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from consent.domain.exchange.values import ALL
from consent.domain.ledger import told_instant
from consent.domain.names import trigrams, words_of
from consent.domain.verification import Finding
from consent.services.form_texts import shown_sha256, text_sha256
from consent.services.signing_records import SCHEMA, json_sha256
from consent.services.verification_erased import Orders
from consent.storage import verification_records as stored
from consent.storage.verification_records import SignedRow


def check_texts(connection: Connection, orders: Orders) -> Iterator[Finding]:
    for row in stored.form_versions(connection):
        text = text_sha256(title={"en": row.title_en, "es": row.title_es}, body={"en": row.body_en, "es": row.body_es})
        if text != row.text_sha256:
            yield Finding(f"form_version {row.id} ({row.form} {row.version})", "its text is not the one of its SHA-256")
    for sha256, shown in stored.shown_texts(connection):
        if shown is None:
            if not orders.name("shown_text", sha256):
                yield Finding(f"shown_text {sha256[:16]}", "its text is gone")
        elif shown_sha256(shown) != sha256:
            yield Finding(f"shown_text {sha256[:16]}", "its text is not the one of its SHA-256")


def check_copies(connection: Connection, orders: Orders) -> Iterator[Finding]:
    """What a signer was given is kept to the last byte, or erased by order."""
    for signing_id, reference, pdf, pdf_sha256 in stored.copies(connection):
        if pdf is None:
            if not orders.name("stored_copy", signing_id):
                yield Finding(f"stored_copy {signing_id} ({reference})", "its pdf is gone")
        elif hashlib.sha256(pdf).hexdigest() != pdf_sha256:
            yield Finding(f"stored_copy {signing_id} ({reference})", "its pdf is not the one of its SHA-256")


def check_scans(connection: Connection, orders: Orders) -> Iterator[Finding]:
    """What a signature on paper stands on is kept to the last byte, or erased by order."""
    for sha256, content in stored.scans(connection):
        if content is None:
            if not orders.name("paper_scan", sha256):
                yield Finding(f"paper_scan {sha256}", "its content is gone")
        elif hashlib.sha256(content).hexdigest() != sha256:
            yield Finding(f"paper_scan {sha256}", "its content is not the one of its SHA-256")


def check_acknowledgements(connection: Connection) -> Iterator[Finding]:
    """What goes into an employee's file is kept to the last byte."""
    for key, pdf, pdf_sha256 in stored.acknowledgements(connection):
        if hashlib.sha256(pdf).hexdigest() != pdf_sha256:
            yield Finding(f"policy_acknowledgement {key}", "its pdf is not the one of its SHA-256")


def check_signed(connection: Connection, orders: Orders) -> Iterator[Finding]:
    """Each record against the canonical JSON that was sealed when it was signed, and each such JSON has its record."""
    for page in stored.signed(connection):
        for row in page:
            named = f"consent {row.id} ({row.external_id})"
            if row.canonical is None and orders.name("sealed_content", row.event_position):
                continue
            if row.kind != "consent-signed" or row.canonical is None:
                yield Finding(named, f"entry {row.event_position} is not of its signing")
            elif unlike := _unlike(row):
                yield Finding(named, f"{', '.join(unlike)} not as it was signed (entry {row.event_position})")
    for position in stored.signed_without_record(connection):
        yield Finding(f"entry {position} (consent-signed)", "the record that it signed is gone")


def check_name_index(connection: Connection) -> Iterator[Finding]:
    """The search must find whom the records name, by those names and no others."""
    for page in stored.names(connection):
        for patron_id, external_id, first, last, words in page:
            if words != set(words_of(first, last)):
                yield Finding(f"patron_word of patron {patron_id} ({external_id})", "is not what the names give")
    for word, kept in stored.trigrams(connection):
        if kept != set(trigrams(word)):
            yield Finding(f"word_trigram of {word}", "is not what the word gives")
    for word in stored.unsplit_words(connection):
        yield Finding(f"word_trigram of {word}", "is missing, so that a typing error does not find it")
    for word in stored.unborne_words(connection):
        yield Finding(f"word_trigram of {word}", "is of a name that nobody bears")


def _unlike(row: SignedRow) -> list[str]:
    try:
        signed = json.loads(row.canonical or "")
        said = _said_at_kiosk(signed) if signed.get("schema") == SCHEMA else _said_in_file(signed)
        kept = _kept(row)
    except (KeyError, TypeError, ValueError):
        return ["what was signed or what is kept of it"]
    return [what for what, value in said.items() if kept[what] != value]


def _kept(row: SignedRow) -> dict[str, Any]:
    return {
        "id": row.external_id,
        "reference": row.reference,
        "kiosk": row.kiosk_id,
        "form": [row.form, row.version, row.text_sha256],
        "language": row.language,
        "shown text": row.shown_sha256,
        "answers": row.answers,
        "channels": str(row.channels).split(),
        "platforms": None if row.every_platform else row.platforms,
        "programs": None if row.every_program else row.programs,
        "signature": None if row.signature is None else json_sha256(_json(row.signature)),
        "signed_at": told_instant(row.signed_at),
        "expires_at": told_instant(row.expires_at),
        "assurance": row.assurance,
    }


def _said_at_kiosk(signed: dict[str, Any]) -> dict[str, Any]:
    patron, form = signed["patron"], signed["form"]
    return {
        "id": signed["id"],
        "reference": signed["reference"],
        "kiosk": signed["kiosk"]["id"] if signed["kiosk"] else None,
        "form": [form["id"], form["version"], form["text_sha256"]],
        "language": form["language"],
        "shown text": signed["shown_sha256"],
        "answers": patron["answers"],
        "channels": patron["channels"],
        "platforms": _set(patron["platforms"]),
        "programs": _set(patron["programs"]),
        "signature": signed["signature"]["sha256"],
        "signed_at": _instant(signed["signed_at"]),
        "expires_at": _instant(signed["expires_at"]),
        "assurance": signed["assurance"],
    }


def _said_in_file(signed: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": signed["id"],
        "form": [signed["form"], signed["version"], signed["text_sha256"]],
        "language": signed["language"],
        "shown text": signed["shown_sha256"],
        "answers": signed["answers"],
        "channels": signed["channels"],
        "platforms": _set(signed["platforms"]),
        "programs": _set(signed["programs"]),
        "signed_at": _instant(signed["signed_at"]),
        "expires_at": _instant(signed.get("expires_at")),
        "assurance": signed["assurance"],
    }


def _set(named: Sequence[str] | str | None) -> set[str] | None:
    return None if named is None or named == ALL else set(named)


def _instant(said: str | None) -> object:
    return None if said is None else told_instant(datetime.fromisoformat(said))


def _json(signature: Any) -> Any:
    return json.loads(signature) if isinstance(signature, str) else signature
