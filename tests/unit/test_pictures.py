"""Does a cleared picture come back upright, with no word of its camera, and say it was cleared as software reads it?"""

import hashlib
import random
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from PIL import Image, ImageChops

from consent.documents.pictures import stamp_picture
from consent.documents.pictures_xmp import xmp_packet
from consent.domain.pictures import (
    MOST_BYTES,
    PictureIsHeic,
    PictureMissing,
    PictureMoves,
    PictureOfOtherType,
    PictureRefused,
    PictureTooLarge,
    PictureUnreadable,
)
from tests.builders.pictures import HEIC, ORIENTATION, SECRET, STAMP, a_photo, fields, opened, saved, told_by_exiftool

KINDS = ["JPEG", "PNG", "WEBP"]
OURS = {
    "XMP-plus:ModelReleaseStatus": "MR-LMR",
    "XMP-plus:ModelReleaseID": ["K7QX-2M9P"],
    "XMP-plus:DataMining": "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING",
    "XMP-xmpRights:UsageTerms": "Cleared for Facebook <only> & nothing else",
    "XMP-xmpRights:UsageTerms-en": "Cleared for Facebook <only> & nothing else",
    "XMP-xmpRights:UsageTerms-es": "Autorizada solo para Facebook",
    "XMP-xmpRights:WebStatement": "https://consent.example.org/P/K7QX-2M9P",
    "XMP-iptcExt:PersonInImage": ["Zoë Ávila", "O'Brien & <Sons>"],
}
OF_THE_CAMERA = re.compile(r"GPS|Serial|Owner|Maker|Artist|Comment|Description|Thumbnail|Orientation|Creator|IFD|IPTC")
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
CORNER_AT = {
    1: ("red", "lime", "blue", "yellow"), 2: ("lime", "red", "yellow", "blue"), 3: ("yellow", "blue", "lime", "red"),
    4: ("blue", "yellow", "red", "lime"), 5: ("red", "blue", "lime", "yellow"), 6: ("blue", "red", "yellow", "lime"),
    7: ("yellow", "lime", "blue", "red"), 8: ("lime", "yellow", "red", "blue"),
}  # fmt: skip
"""What is to be seen at the top left, top right, bottom left and bottom right of what a camera stored that way."""
COLORS = {"red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0)}
SIXTEEN_BITS_OF_EACH_COLOR = (16, 2)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    sent = {f"{kind}.{orientation}": a_photo(kind, orientation) for kind in KINDS for orientation in (1, 6)}
    given = {f"given-{name}": stamp_picture(photo, STAMP).content for name, photo in sent.items()}
    return told_by_exiftool(tmp_path_factory.mktemp("pictures"), sent | given)


def said_in(content: bytes) -> bytes:
    """The packet, wherever that kind keeps it."""
    info = opened(content).info
    packet = info.get("xmp") or info["XML:com.adobe.xmp"]
    return packet if isinstance(packet, bytes) else packet.encode()


def part(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)


def a_deep_png() -> bytes:
    """Two by two points, with sixteen bits for each color."""
    head = struct.pack(">IIBBBBB", 2, 2, *SIXTEEN_BITS_OF_EACH_COLOR, 0, 0, 0)
    lines = b"".join(b"\0" + bytes(range(at, at + 12)) for at in (3, 77))
    parts = (part(b"IHDR", head), part(b"IDAT", zlib.compress(lines)), part(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def a_palette_with_a_clear_color() -> bytes:
    return saved(fields("P"), "PNG", transparency=1)


def points_of(png: bytes) -> list[bytes]:
    """What is stored of its points, and of the colors that they stand for."""
    found, at = [], 8
    while at < len(png):
        end = at + 12 + int.from_bytes(png[at : at + 4])
        found.append(png[at:end])
        at = end
    return [stored for stored in found if stored[4:8] in {b"IHDR", b"PLTE", b"tRNS", b"IDAT"}]


def moving(kind: str) -> bytes:
    return saved(fields(), kind, save_all=True, append_images=[Image.new("RGB", (64, 48))])


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("kind", KINDS)
def test_software_reads_the_clearance_and_nothing_of_the_camera(
    told: dict[str, dict[str, Any]], kind: str, orientation: int
) -> None:
    before, after = told[f"{kind}.{orientation}"], told[f"given-{kind}.{orientation}"]
    for word in ("GPS", "Serial", "Owner", "Maker", "Artist", "Orientation", "Creator"):
        assert any(word in name for name in before), word
    assert {name: value for name, value in after.items() if name.startswith("XMP")} == OURS
    assert [name for name in after if OF_THE_CAMERA.search(name)] == []
    assert SECRET not in str(after)
    assert before["Composite:ImageSize"] == "64 48"
    assert after["Composite:ImageSize"] == ("48 64" if orientation == 6 else "64 48")


@pytest.mark.parametrize("kind", KINDS)
def test_each_list_is_of_the_kind_that_the_standard_asks_for(kind: str) -> None:
    given = stamp_picture(a_photo(kind), STAMP)
    assert SECRET.encode() not in given.content
    assert b"SERIAL" not in given.content
    tree = ET.fromstring(said_in(given.content).decode().strip("\ufeff"))  # noqa: S314  # our own
    lists = {
        entry.tag.rpartition("}")[2]: entry[0].tag.removeprefix(RDF)
        for entry in tree.iter()
        if len(entry) and entry[0].tag in {f"{RDF}{kind}" for kind in ("Bag", "Seq", "Alt")}
    }
    assert lists == {"ModelReleaseID": "Bag", "UsageTerms": "Alt", "PersonInImage": "Bag"}
    assert tree.find(f".//{RDF}Alt")[0].get("{http://www.w3.org/XML/1998/namespace}lang") == "x-default"  # type: ignore[index]  # it is there, or this fails


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", CORNER_AT)
def test_a_picture_is_turned_as_its_camera_says_before_that_is_taken_out(kind: str, orientation: int) -> None:
    given = opened(stamp_picture(a_photo(kind, orientation), STAMP).content)
    assert given.getexif().get(ORIENTATION, 1) == 1
    width, height = given.size
    places = [(x, y) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    for place, color in zip(places, CORNER_AT[orientation], strict=True):
        seen = given.convert("RGB").getpixel(place)
        assert isinstance(seen, tuple)
        assert max(abs(one - other) for one, other in zip(seen, COLORS[color], strict=True)) < 12, color


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16"])
def test_no_point_of_a_png_changes_whatever_it_is_made_of(mode: str) -> None:
    picture = Image.new(mode, (9, 9)) if mode == "I;16" else fields(mode)
    sent = a_photo("PNG", picture=picture)
    given = stamp_picture(sent, STAMP)
    assert opened(given.content).mode == opened(sent).mode
    assert opened(given.content).tobytes() == opened(sent).tobytes()
    assert points_of(given.content) == points_of(sent)
    turned = opened(stamp_picture(a_photo("PNG", 6, picture), STAMP).content)
    assert turned.tobytes() == picture.transpose(Image.Transpose.ROTATE_270).tobytes()


@pytest.mark.parametrize("make", [a_deep_png, a_palette_with_a_clear_color])
def test_sixteen_bits_of_each_color_and_a_clear_color_are_kept(make: Callable[[], bytes]) -> None:
    given = stamp_picture(make(), STAMP)
    assert points_of(given.content) == points_of(make())


def test_a_jpeg_keeps_its_tables_its_sampling_and_its_profile_of_colors() -> None:
    sent = a_photo("JPEG", 6, quality=93, subsampling="4:4:4", icc_profile=b"a profile")
    before, after = opened(sent), opened(stamp_picture(sent, STAMP).content)
    assert after.quantization == before.quantization  # type: ignore[attr-defined]  # a JPEG has it
    assert [layer[1:3] for layer in after.layer] == [(1, 1)] * 3  # type: ignore[attr-defined]  # a JPEG has it
    assert after.info["icc_profile"] == b"a profile"
    whole = {"quality": 93, "subsampling": "4:4:4"}
    upright = opened(stamp_picture(a_photo("JPEG", **whole), STAMP).content)
    lost = ImageChops.difference(upright, opened(a_photo("JPEG", **whole))).getextrema()
    assert max(most for _, most in lost) <= 2  # type: ignore[misc]  # one pair for each color


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_a_jpeg_of_other_colors_is_stamped_too(mode: str) -> None:
    given = stamp_picture(a_photo("JPEG", picture=fields(mode)), STAMP)
    assert opened(given.content).mode == mode


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("lossless", [True, False])
def test_no_point_of_a_webp_that_stands_upright_changes(mode: str, lossless: bool) -> None:  # a table
    picture = fields(mode)
    if mode == "RGBA":
        picture.putalpha(77)
    sent = a_photo("WEBP", picture=picture, lossless=lossless, icc_profile=b"a profile")
    given = opened(stamp_picture(sent, STAMP).content)
    assert (given.mode, given.tobytes()) == (opened(sent).mode, opened(sent).tobytes())
    assert given.info["icc_profile"] == b"a profile"


def test_a_webp_that_lost_nothing_loses_nothing_when_it_is_turned() -> None:
    sent = a_photo("WEBP", 6, lossless=True)
    given = opened(stamp_picture(sent, STAMP).content)
    assert given.tobytes() == fields().transpose(Image.Transpose.ROTATE_270).tobytes()


def test_a_film_of_one_picture_is_a_picture() -> None:
    still = saved(fields(), "WEBP", lossless=True)[12:]
    head, shown = bytes([2, 0, 0, 0, 63, 0, 0, 47, 0, 0]), bytes([0] * 6 + [63, 0, 0, 47, 0, 0, 9, 0, 0, 0]) + still
    film = b"".join(
        kind + len(content).to_bytes(4, "little") + content
        for kind, content in ((b"VP8X", head), (b"ANIM", bytes(6)), (b"ANMF", shown))
    )
    given = stamp_picture(b"RIFF" + (4 + len(film)).to_bytes(4, "little") + b"WEBP" + film, STAMP)
    assert b"ANMF" not in given.content
    assert opened(given.content).convert("RGB").tobytes() == fields().tobytes()


def test_a_photo_with_more_behind_it_is_the_photo_alone() -> None:
    """As many phones write it: a second picture, or a film, behind the first."""
    sent = saved(fields(), "MPO", save_all=True, append_images=[Image.new("RGB", (64, 48))])
    given = stamp_picture(sent + b"a film of it", STAMP)
    assert given.kind == "jpeg"
    assert opened(given.content).format == "JPEG"
    assert b"a film of it" not in given.content
    png = stamp_picture(a_photo("PNG") + b"a film of it", STAMP)
    assert png.content.endswith(b"IEND\xaeB`\x82")


def test_more_names_than_a_picture_has_room_for_are_left_out_and_nothing_else_is() -> None:
    crowd = replace(STAMP, named=("Zoë Ávila",) * 4000)
    given = said_in(stamp_picture(a_photo(), crowd).content)
    assert given == xmp_packet(replace(STAMP, named=()))
    assert b"PersonInImage" not in given
    assert b"MR-LMR" in given


def test_both_hashes_are_told() -> None:
    given = stamp_picture(a_photo("PNG"), STAMP)
    assert given.mimetype == "image/png"
    assert (given.sent_sha256, given.sha256) == tuple(
        hashlib.sha256(content).hexdigest() for content in (a_photo("PNG"), given.content)
    )


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        (lambda: b"", PictureMissing),
        (lambda: b"hello", PictureOfOtherType),
        (lambda: saved(fields(), "GIF"), PictureOfOtherType),
        (lambda: b"%PDF-1.7", PictureOfOtherType),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", PictureOfOtherType),
        (lambda: HEIC, PictureIsHeic),
        (lambda: b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", PictureOfOtherType),
        (lambda: moving("PNG"), PictureMoves),
        (lambda: moving("WEBP"), PictureMoves),
        (lambda: saved(Image.new("1", (10_000, 10_000)), "PNG"), PictureTooLarge),
        (lambda: saved(Image.new("L", (6_000, 5_000)), "JPEG"), PictureTooLarge),
        (lambda: b"\xff\xd8\xff" + b"\0" * MOST_BYTES, PictureTooLarge),
        (lambda: a_photo("JPEG")[:-200], PictureUnreadable),
        (lambda: a_photo("PNG")[:-80], PictureUnreadable),
        (lambda: a_photo("PNG")[:-12], PictureUnreadable),
        (lambda: a_photo("WEBP")[:-900], PictureRefused),
        (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, PictureRefused),
    ],
    ids=range(17),
)  # fmt: skip
def test_what_is_no_such_picture_is_refused(sent: Callable[[], bytes], refusal: type[PictureRefused]) -> None:
    with pytest.raises(refusal):
        stamp_picture(sent(), STAMP)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_bent_in_a_picture_it_is_refused_or_stamped(kind: str) -> None:
    dice = random.Random(kind)  # noqa: S311  # the same bends on every run
    photo = a_photo(kind, 6)
    for _ in range(400):
        bent = bytearray(photo)
        for _ in range(dice.randint(1, 6)):
            bent[dice.randrange(len(bent))] = dice.randrange(256)
        try:
            given = stamp_picture(bytes(bent), STAMP)
        except PictureRefused:
            continue
        assert SECRET.encode() not in given.content
