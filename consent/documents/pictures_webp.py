"""Which parts of a WebP say how its points look? Those are kept as they are, and nothing but the packet beside them."""

from collections.abc import Iterator
from typing import Final

from consent.domain.pictures import PictureUnreadable

PROFILE: Final = b"ICCP"
KEPT: Final = (PROFILE, b"ALPH", b"VP8 ", b"VP8L")
"""In the order in which they must stand."""
HAS_PROFILE, HAS_ALPHA, HAS_PACKET = 0x20, 0x10, 0x04


def with_nothing_but(webp: bytes, packet: bytes, *, size: tuple[int, int], clear: bool) -> bytes:
    """Raises PictureUnreadable where it does not end as it should; `clear` says that one can see through some of it."""
    found = dict(_parts(webp))
    says = HAS_PACKET | (HAS_PROFILE if PROFILE in found else 0) | (HAS_ALPHA if clear else 0)
    head = says.to_bytes(4, "little") + b"".join((side - 1).to_bytes(3, "little") for side in size)
    kept = b"".join(_part(kind, found[kind]) for kind in KEPT if kind in found)
    body = b"WEBP" + _part(b"VP8X", head) + kept + _part(b"XMP ", packet)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _parts(webp: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, end = 12, 8 + int.from_bytes(webp[4:8], "little")
    while at + 8 <= end:
        length = int.from_bytes(webp[at + 4 : at + 8], "little")
        if at + 8 + length > len(webp):
            raise PictureUnreadable("The picture is cut short.")
        yield webp[at : at + 4], webp[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _part(kind: bytes, content: bytes) -> bytes:
    return kind + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)
