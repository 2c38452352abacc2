"""What does a mail of the registry say? Plain text and the same as a page, with the signed copy as a file."""

from email.headerregistry import Address
from email.message import EmailMessage
from html import escape

from consent.documents.copies import COUNTS, HOW
from consent.domain.mail import Letter, MailKind
from consent.wording import _, say

SUBJECTS = {
    MailKind.SIGNED_COPY: _("Your signed copy %(reference)s"),
    MailKind.CHECKPOINT: _("Checkpoint of the consent registry"),
}
LINES = {
    MailKind.SIGNED_COPY: (
        _("Your signed copy is in the file that comes with this mail. Your reference number is %(reference)s."),
        COUNTS,
        HOW,
        _("This address was typed at a kiosk of %(department)s. If it was not you, delete this mail."),
    ),
    MailKind.CHECKPOINT: (
        _("Keep this mail. With it anybody can tell later whether the registry's ledger was cut or changed."),
        _("consent verify --checkpoint FILE compares the registry with the text below, saved as a file."),
    ),
}


def compose_mail(letter: Letter) -> EmailMessage:
    """Raises ValueError for an address that no header can carry."""
    words = {"reference": letter.reference, "department": letter.department}
    said = [say(line, letter.language, **words) for line in LINES[letter.kind]]
    message = EmailMessage()
    message["Subject"] = say(SUBJECTS[letter.kind], letter.language, **words)
    message["From"] = Address(letter.department, addr_spec=letter.sender)
    message["To"] = Address(addr_spec=letter.to)
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = letter.language.value
    message.set_content("\n\n".join([*said, letter.text] if letter.text else said) + "\n")
    message.add_alternative(_page(letter, said), subtype="html")
    if letter.paper:
        name = f"signed-copy-{letter.reference}.pdf"
        message.add_attachment(letter.paper, maintype="application", subtype="pdf", filename=name)
    return message


def _page(letter: Letter, said: list[str]) -> str:
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in said)
    verbatim = f"<pre>{escape(letter.text)}</pre>" if letter.text else ""
    head = f'<meta charset="utf-8"><title>{escape(letter.department)}</title>'
    body = f"<head>{head}</head><body>{paragraphs}{verbatim}</body>"
    return f'<!DOCTYPE html><html lang="{letter.language.value}">{body}</html>'
