"""How does a cleared picture come back? Upright, with its clearance written into it and nothing else beside the points.

The type is told by the content, never by the name, and a picture is measured before it is decoded.
"""

import hashlib
import struct
from collections.abc import Callable
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.JpegImagePlugin import get_sampling

from consent.documents import pictures_png, pictures_webp
from consent.documents.pictures_xmp import xmp_packet
from consent.domain.pictures import (
    MEBIBYTE,
    MOST_BYTES,
    MOST_POINTS,
    PictureIsHeic,
    PictureMissing,
    PictureMoves,
    PictureOfOtherType,
    PictureRefused,
    PictureTooLarge,
    PictureUnreadable,
    Stamp,
    StampedPicture,
)

KINDS: Final = ("JPEG", "PNG", "WEBP")
HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
WEBP_QUALITY: Final = 90
ORIENTATION: Final = 0x0112

# Each picture is measured below, by limits of our own, before anything of it is decoded.
Image.MAX_IMAGE_PIXELS = None


def stamp_picture(sent: bytes, stamp: Stamp) -> StampedPicture:
    """Raises PictureRefused."""
    if not sent:
        raise PictureMissing("The file is empty.")
    if len(sent) > MOST_BYTES:
        raise PictureTooLarge(f"A picture has at most {MOST_BYTES // MEBIBYTE} MiB.")
    if sent[4:8] == b"ftyp" and sent[8:12] in HEIC_BRANDS:
        raise PictureIsHeic("The picture is a HEIC.")
    try:
        with Image.open(BytesIO(sent), formats=KINDS) as picture:
            # What phones call MPO is a JPEG with more of them behind it, such as a map of depths.
            kind = "JPEG" if picture.format == "MPO" else str(picture.format)
            _measure(picture, kind)
            content = DRAWN[kind](picture, sent, xmp_packet(stamp))
    except UnidentifiedImageError as other:
        raise PictureOfOtherType("The file is no JPEG, PNG or WebP.") from other
    except PictureRefused:
        raise
    except (OSError, SyntaxError, ValueError, LookupError, TypeError, struct.error) as broken:
        raise PictureUnreadable("The picture is broken or cut short.") from broken
    return StampedPicture(content, kind.lower(), hashlib.sha256(sent).hexdigest())


def _measure(picture: Image.Image, kind: str) -> None:
    width, height = picture.size
    if width * height > MOST_POINTS:
        raise PictureTooLarge("The picture has more points than are decoded here.")
    if kind != "JPEG" and getattr(picture, "is_animated", False):
        raise PictureMoves("The picture moves.")


def _turn(picture: Image.Image) -> dict[str, Any]:
    """Decoded and upright, and freed of what was said beside it; only what says how its points look is handed on."""
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    kept = {said: picture.info[said] for said in ("icc_profile", "transparency") if picture.info.get(said) is not None}
    picture.info = {}
    return kept


def _jpeg(picture: Any, _sent: bytes, packet: bytes) -> bytes:
    """With the tables and the sampling that it came with, so that it loses next to nothing."""
    tables, sampling = picture.quantization, get_sampling(picture)
    return _saved(picture, "JPEG", _turn(picture), qtables=tables, subsampling=sampling, xmp=packet)


def _webp(picture: Image.Image, sent: bytes, packet: bytes) -> bytes:
    """What stands upright is not drawn anew, but for a film of one picture.

    Where those letters stand in it by chance, it is drawn anew too, or becomes larger than need be, and no worse.
    """
    if _lies(picture) or b"ANMF" in sent:
        lossless = b"VP8L" in sent
        sent = _saved(picture, "WEBP", _turn(picture), lossless=lossless, exact=lossless, quality=WEBP_QUALITY)
    return pictures_webp.with_nothing_but(sent, packet, size=picture.size, clear=picture.mode == "RGBA")


def _png(picture: Image.Image, sent: bytes, packet: bytes) -> bytes:
    """What stands upright keeps its points bit for bit, of whatever depth."""
    if _lies(picture):
        sent = _saved(picture, "PNG", _turn(picture))
    return pictures_png.with_nothing_but(sent, packet)


def _lies(picture: Image.Image) -> bool:
    """Decoded first, so that what is cut short is found."""
    picture.load()
    return bool(picture.getexif().get(ORIENTATION, 1) != 1)


def _saved(picture: Image.Image, kind: str, kept: dict[str, Any], **options: Any) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **kept, **options)
    return file.getvalue()


DRAWN: Final[dict[str, Callable[[Any, bytes, bytes], bytes]]] = {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp}
