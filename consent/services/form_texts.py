"""Which words does a form version show, and under which hash is it known for ever?"""

import hashlib

import rfc8785


def text_sha256(*, title: dict[str, str], body: dict[str, str]) -> str:
    """Over title and body in both languages as canonical JSON (RFC 8785): a change of one letter is another text."""
    return hashlib.sha256(rfc8785.dumps({"title": title, "body": body})).hexdigest()


def shown_text(*, title: str, body: str) -> str:
    """What a signer had before them, in the language they signed in."""
    return f"{title}\n\n{body}"


def shown_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
