"""How does a number look as a bar? Pure drawings for a page: SVG with classes and attributes only, no style, no script.

Widths are shares of whatever room there is, so that a chart fits a phone and its letters keep their size. What a bar
says, it says in its link's name, in a sign and in a pattern, never by color alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

BAR_HEIGHT: Final = 32
COLUMNS_HEIGHT: Final = 120
ROOM_ABOVE: Final = 20
ROOM_BELOW: Final = 24
ROOM_FOR_FIGURES: Final = 9.0
"""A part of so many hundredths of the bar has room for its sign and number on the smallest phone."""


@dataclass(frozen=True, slots=True)
class Part:
    """One number of a bar: `kind` names its pattern, `told` says it whole, and its link leads to whoever is counted."""

    kind: str
    count: int
    told: str
    sign: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """What is counted for one stretch of days."""

    label: str
    parts: Sequence[Part]

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)


def draw_share(title: str, parts: Sequence[Part]) -> str:
    """One bar across, each part as wide as its share of the whole."""
    drawing = _drawing("chart-share", title, BAR_HEIGHT)
    whole, before = sum(part.count for part in parts), 0
    for part in parts:
        if part.count:
            left, width = 100 * before / whole, 100 * part.count / whole
            place = _linked(drawing, part)
            _block(place, part, x=f"{left:.3f}%", y="0", width=f"{width:.3f}%", height=str(BAR_HEIGHT))
            if width >= ROOM_FOR_FIGURES:
                middle = f"{left + width / 2:.3f}%"
                _written(place, f"{part.sign} {part.count}".strip(), f"chart-figure--{part.kind}", middle, 21)
            before += part.count
    return _markup(drawing)


def draw_columns(title: str, columns: Sequence[Column]) -> str:
    """A column for each stretch of days, its parts one above another, and its number on top."""
    floor = ROOM_ABOVE + COLUMNS_HEIGHT
    drawing = _drawing("chart-columns", title, floor + ROOM_BELOW)
    highest, wide = max(column.count for column in columns) or 1, 100 / len(columns)
    for place, column in enumerate(columns):
        left, top = wide * place, float(floor)
        for part in column.parts:
            if part.count:
                height = COLUMNS_HEIGHT * part.count / highest
                top -= height
                linked = _linked(drawing, part)
                x, width = f"{left + wide * 0.15:.3f}%", f"{wide * 0.7:.3f}%"
                _block(linked, part, x=x, y=f"{top:.2f}", width=width, height=f"{height:.2f}")
        middle = f"{left + wide / 2:.3f}%"
        _written(drawing, str(column.count), "chart-count", middle, top - 6)
        every_other = "" if place % 2 == 0 else " chart-label--between"
        _written(drawing, column.label, f"chart-label{every_other}", middle, floor + 17)
    line = {"class": "chart-floor", "x1": "0", "x2": "100%", "y1": str(floor), "y2": str(floor)}
    SubElement(drawing, "line", line)
    return _markup(drawing)


def draw_patterns(kinds: Sequence[str]) -> str:
    """Stripes and dots that a page's charts share; drawn once on it, and seen nowhere by themselves."""
    drawing = Element("svg", {"class": "chart-patterns", "width": "0", "height": "0", "aria-hidden": "true"})
    definitions = SubElement(drawing, "defs")
    for kind in kinds:
        side = {"width": "8", "height": "8"}
        pattern = SubElement(definitions, "pattern", {"id": f"chart-{kind}", "patternUnits": "userSpaceOnUse", **side})
        SubElement(pattern, "rect", {"class": f"chart-ground--{kind}", **side})
        SubElement(pattern, "path", {"class": f"chart-mark--{kind}", "d": MARKS.get(kind, "")})
    return _markup(drawing)


MARKS: Final = {
    "limits": "M-2 2L2 -2M0 8L8 0M6 10L10 6",
    "no": "M0 0L8 8M0 8L8 0",
    "not-known": "M3 4h2",
    "comes-of-age": "M-2 2L2 -2M0 8L8 0M6 10L10 6",
}
"""What is drawn on a kind's ground; a kind without one is plain."""


def _drawing(name: str, title: str, height: int) -> Element:
    shape = {"class": f"chart {name}", "width": "100%", "height": str(height)}
    return Element("svg", {**shape, "role": "group", "aria-label": title})


def _linked(drawing: Element, part: Part) -> Element:
    """The table beside the chart has the same links for the keyboard, so these are no second stop."""
    if not part.link:
        return drawing
    return SubElement(drawing, "a", {"href": part.link, "tabindex": "-1", "aria-label": part.told})


def _block(place: Element, part: Part, **shape: str) -> None:
    block = {"class": f"chart-part chart-part--{part.kind}", "fill": f"url(#chart-{part.kind})", **shape}
    SubElement(SubElement(place, "rect", block), "title").text = part.told


def _written(place: Element, text: str, name: str, x: str, y: float) -> None:
    words = SubElement(place, "text", {"class": f"chart-text {name}", "x": x, "y": f"{y:.1f}", "aria-hidden": "true"})
    words.text = text


def _markup(drawing: Element) -> str:
    return tostring(drawing, encoding="unicode", short_empty_elements=False)
