"""Which versions of the starter form has the demo department published? One of them was faulty."""

from typing import Final

from consent.services import starter_form_text as text

FORM: Final = text.FORM
FIRST, FAULTY, CURRENT = 1, 2, 3
TITLE: Final = {language: f"DEMO: {title}" for language, title in text.TITLE.items()}
DEPARTMENT: Final = {
    "en": "The City Recreation Department",
    "es": "El Departamento de Recreación de la Ciudad",
}


def body(version: int) -> dict[str, str]:
    """The faulty version left out how to withdraw, and so had to be withdrawn itself."""
    parts = [part for part in text.PARTS if version != FAULTY or part is not text.WITHDRAW]
    return text.body(version, DEPARTMENT, parts)
