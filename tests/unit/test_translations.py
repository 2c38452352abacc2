"""Is every sentence there in Spanish? Compares the catalogue with what stands in the code today."""

import re
import tomllib
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from consent.domain.events import EventKind
from consent.domain.looks import LookKind
from consent.services.checks import Door
from consent.web.looks_words import CHANGES, CHECKS, LOOKS

ROOT = Path(__file__).parents[2]
MAPPINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]["mappings"]
PLACES = re.compile(r"%\(\w+\)[a-z]")


def said_today() -> set[str]:
    methods = [(mapping["pattern"], mapping["method"]) for mapping in MAPPINGS]
    keywords = {**DEFAULT_KEYWORDS, "say": None, "_": None}
    messages = set()
    for folder in ("consent", "forms", "templates"):
        found = extract_from_dir(ROOT / folder, method_map=methods, keywords=keywords)
        messages |= {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}
    return messages


def spanish() -> Catalog:
    with (ROOT / "consent/translations/es/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="es")


def texts(entry: str | tuple[str, ...]) -> tuple[str, ...]:
    return (entry,) if isinstance(entry, str) else tuple(entry)


def test_every_sentence_is_in_the_catalogue_and_nothing_else():
    kept = {texts(message.id)[0] for message in spanish() if message.id}
    said = said_today()
    assert sorted(said - kept) == []
    assert sorted(kept - said) == []


def test_every_sentence_is_translated():
    waiting = [message.id for message in spanish() if message.id and not all(texts(message.string))]
    assert waiting == []


def test_no_translation_waits_for_a_second_look():
    assert [message.id for message in spanish() if message.id and message.fuzzy] == []


def test_every_translation_fills_the_same_places():
    differ = [
        message.id
        for message in spanish()
        if message.id
        and any(
            set(PLACES.findall(text)) - set(PLACES.findall(texts(message.id)[-1])) for text in texts(message.string)
        )
    ]
    assert differ == []


def test_the_record_of_looking_has_words_for_everything_that_can_happen():
    assert set(EventKind) - set(CHANGES) == set()
    assert set(LookKind) - set(LOOKS) == set()
    assert set(Door) - set(CHECKS) == set()
