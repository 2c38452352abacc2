"""What does a signer have before them? The whole form for one sitting, in sections, as one text that can be hashed.

The text is what is kept for ever: a title, headings and lines, from which the sheet can be laid out again as it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

TITLE: Final = "# "
HEADING: Final = "## "
ITEM: Final = "- "


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines; a line that begins with a dash is one of a list."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormSheet:
    title: str
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """The sheet as it is hashed and kept."""
        return "\n".join(self._lines())

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The sheet that gave this text."""
        title, sections = "", [Section("", ())]
        for line in text.split("\n"):
            if line.startswith(TITLE) and not title:
                title = line.removeprefix(TITLE)
            elif line.startswith(HEADING):
                sections.append(Section(line.removeprefix(HEADING), ()))
            else:
                sections[-1] = Section(sections[-1].heading, (*sections[-1].lines, line))
        return cls(title, tuple(section for section in sections if section.heading or section.lines))

    def _lines(self) -> Iterator[str]:
        yield TITLE + self.title
        for section in self.sections:
            yield HEADING + section.heading
            yield from section.lines


def paragraphs(text: str) -> tuple[str, ...]:
    """A text as lines: one for each paragraph, one for each item of a list. None begins like a heading."""
    found: list[str] = []
    joins = False
    for line in map(str.strip, text.split("\n")):
        if line and joins and not line.startswith(ITEM):
            found[-1] += f" {line}"
        elif line:
            found.append(line.lstrip("#").lstrip() if line.startswith("#") else line)
        joins = bool(line)
    return tuple(line for line in found if line)
