"""Which font prints this character? Every font is embedded; none is taken from the machine that prints.

Public Sans writes Latin with Vietnamese. Each other script has a Noto font, tried in the order of `FAMILIES`.
"""

from collections.abc import Container
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Final

import uharfbuzz
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR: Final = 400
BOLD: Final = 700
PRIVATE_USE: Final = range(0xE000, 0xF900)


@dataclass(frozen=True, slots=True)
class Family:
    """One font file of an installed package. `variable` means that both weights are in the one file."""

    name: str
    package: str
    path: str
    variable: bool = True
    shaped: bool = True


def _fontpkg(name: str, package: str, file: str) -> Family:
    return Family(name, f"fontpkg_{package}", f"files/{file}")


def _manimgx(script: str) -> Family:
    return Family(f"NotoSans{script}", "manimgx_fonts", f"NotoSans{script}[wght].ttf")


LATIN: Final = _fontpkg("PublicSans", "public_sans", "PublicSans[wght].ttf")
FAMILIES: Final = (
    LATIN,
    _fontpkg("NotoSans", "noto_sans", "NotoSans[wdth,wght].ttf"),
    _fontpkg("NotoSansArabic", "noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf"),
    _fontpkg("NotoSansDevanagari", "noto_sans_devanagari", "NotoSansDevanagari[wdth,wght].ttf"),
    _fontpkg("NotoSansThai", "noto_sans_thai", "NotoSansThai[wdth,wght].ttf"),
    _fontpkg("NotoSansTamil", "noto_sans_tamil", "NotoSansTamil[wdth,wght].ttf"),
    _fontpkg("NotoSansTelugu", "noto_sans_telugu", "NotoSansTelugu[wdth,wght].ttf"),
    _fontpkg("NotoSansKhmer", "noto_sans_khmer", "NotoSansKhmer[wdth,wght].ttf"),
    *map(_manimgx, ("Hebrew", "Ethiopic", "Bengali", "Gujarati", "Gurmukhi", "Kannada", "Malayalam", "Sinhala")),
    *map(_manimgx, ("Armenian", "Georgian", "Lao", "Myanmar", "Oriya", "Symbols")),
    Family("WenQuanYiMicroHei", "paperang_p2_fonts_cjk", "fonts/wqy-microhei.ttc", variable=False, shaped=False),
    Family("NotoEmoji", "manimgx_fonts", "NotoEmoji[wght].ttf"),
)


def latin(*, bold: bool = False) -> str:
    """The name of the font that the registry's own words are set in."""
    return load(LATIN, bold)


def plain_characters(*, bold: bool = False) -> Container[str]:
    """What the Latin font prints as it stands, a glyph for each character and nothing to shape."""
    return _plain_characters(latin(bold=bold))


@lru_cache(maxsize=4096)
def font_for(cluster: str, *, bold: bool = False) -> str | None:
    """The first font with a glyph for every character of the cluster; None where no font has them all."""
    codes = [ord(character) for character in cluster]
    if any(code in PRIVATE_USE for code in codes):
        return None  # these codes are ours, for glyphs that have no character
    for family in FAMILIES:
        name = load(family, bold)
        if all(code in pdfmetrics.getFont(name).face.charToGlyph for code in codes):
            return name
    return None


def shapes(font: str) -> bool:
    """Whether the font's letters must be joined, stacked or placed before they are drawn."""
    return bool(pdfmetrics.getFont(font).shapable)


@cache
def load(family: Family, bold: bool) -> str:
    """Register the font once, on first need, and give the name to draw with."""
    name = f"{family.name}-Bold" if bold and family.variable else family.name
    data = files(family.package).joinpath(family.path).read_bytes()
    if family.variable:
        data = _at_weight(data, BOLD if bold else REGULAR)
    font = TTFont(name, BytesIO(data), asciiReadable=False, shapable=family.shaped)
    # Both weights come from one file and so bear one name; reportlab would take the bold for the regular.
    font.face.name = name.encode()
    if family.shaped:
        _give_every_glyph_a_code(font)
    pdfmetrics.registerFont(font)
    return name


@cache
def _plain_characters(name: str) -> frozenset[str]:
    codes = pdfmetrics.getFont(name).face.charToGlyph
    combining = range(0x300, 0x370)
    return frozenset(chr(code) for code in codes if code not in combining and code not in PRIVATE_USE)


def _at_weight(data: bytes, weight: int) -> bytes:
    face = uharfbuzz.Face(uharfbuzz.Blob(data))
    instance = uharfbuzz.SubsetInput()
    instance.keep_everything()
    instance.pin_all_axes_to_default(face)
    instance.pin_axis_location(face, "wght", weight)
    return bytes(instance.subset(face).blob.data)


def _give_every_glyph_a_code(font: TTFont) -> None:
    """Ligatures and joined forms have no character; reportlab would number them as they turn up.

    Numbered here once, in the font's own order, the same words give the same bytes whatever was printed before.
    """
    face, glyphs = font.face, uharfbuzz.Font(font.hbFace)
    free = (code for code in PRIVATE_USE if code not in face.charToGlyph)
    unnamed = (glyph for glyph in range(1, face.numGlyphs) if glyph not in face.glyphToChar)
    for glyph, code in zip(unnamed, free, strict=False):
        face.charToGlyph[code] = glyph
        face.glyphToChar[glyph] = [code]
        face.charWidths[code] = font.pdfScale(glyphs.get_glyph_h_advance(glyph))
