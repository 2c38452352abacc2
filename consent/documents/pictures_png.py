"""Which parts of a PNG say how its points look? Those are kept as they are, and the packet is all that is said beside.

Drawing software would lose what it cannot hold, such as sixteen bits of each color; here no point is touched.
"""

import zlib
from collections.abc import Iterator
from typing import Final

from consent.domain.pictures import PictureUnreadable

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
FIRST, LAST = b"IHDR", b"IEND"
KEPT: Final = frozenset(
    {
        FIRST, b"PLTE", b"IDAT", LAST, b"tRNS", b"bKGD", b"pHYs",
        b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI",
    }
)  # fmt: skip
KEYWORD: Final = b"XML:com.adobe.xmp"
PLAIN_AND_NAMELESS: Final = bytes(5)
"""The end of the keyword, not compressed, by no method, and neither language nor translated keyword."""


def with_nothing_but(png: bytes, packet: bytes) -> bytes:
    """Raises PictureUnreadable where it does not end as it should; what stands behind its end is left out."""
    parts = [SIGNATURE]
    for kind, part in _parts(png):
        if kind in KEPT:
            parts.append(part)
        if kind == FIRST:
            parts.append(_part(b"iTXt", KEYWORD + PLAIN_AND_NAMELESS + packet))
    return b"".join(parts)


def _parts(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, kind = len(SIGNATURE), b""
    while kind != LAST:
        end = at + 12 + int.from_bytes(png[at : at + 4])
        if end > len(png):
            raise PictureUnreadable("The picture is cut short.")
        kind = png[at + 4 : at + 8]
        yield kind, png[at:end]
        at = end


def _part(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return len(content).to_bytes(4) + kind + content + checksum.to_bytes(4)
