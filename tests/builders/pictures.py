"""What does a camera put beside the points of a photo, and what does picture software read in one?"""

import json
import shutil
import subprocess
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, PngImagePlugin

from consent.domain.pictures import Stamp

SECRET = "Taken at home by Pat"
SIZE = (64, 48)
CORNERS = {"red": (0, 0), "lime": (32, 0), "blue": (0, 24), "yellow": (32, 24)}
ORIENTATION = 0x0112
OLD_PACKET = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/">
<aux:SerialNumber>SERIAL-79</aux:SerialNumber>
<dc:creator><rdf:Seq><rdf:li>{SECRET}</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"""
"""What other software wrote into it before."""
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
STAMP = Stamp(
    number="K7QX-2M9P",
    statement_url="https://consent.example.org/P/K7QX-2M9P",
    terms=(("en", "Cleared for Facebook <only> & nothing else"), ("es", "Autorizada solo para Facebook")),
    named=("Zoë Ávila", "O'Brien & <Sons>\x00"),
)


def a_photo(kind: str = "JPEG", orientation: int = 1, picture: Image.Image | None = None, **options: Any) -> bytes:
    """Four fields of color, and all that a camera tells: where, with what, whose, and a note of its maker."""
    told = Image.Exif()
    told[ORIENTATION], told[0x010F], told[0x013B], told[0x010E] = orientation, "Maker", SECRET, SECRET
    told.get_ifd(0x8769).update({0xA430: SECRET, 0xA431: "SERIAL-77", 0xA435: "SERIAL-78", 0x927C: b"NOTE" * 9})
    told.get_ifd(0x8825).update({1: "N", 2: (33.0, 32.0, 1.0), 3: "W", 4: (112.0, 11.0, 2.0)})
    if kind == "PNG":
        said = PngImagePlugin.PngInfo()
        said.add_text("Comment", SECRET)
        said.add_itxt("XML:com.adobe.xmp", OLD_PACKET)
        options |= {"pnginfo": said}
    else:
        options |= {"comment": SECRET.encode(), "xmp": OLD_PACKET.encode()}
    return saved(picture or fields(), kind, exif=told, **options)


def fields(mode: str = "RGB") -> Image.Image:
    picture = Image.new("RGB", SIZE)
    for color, (left, top) in CORNERS.items():
        picture.paste(color, (left, top, left + 32, top + 24))
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def told_by_exiftool(folder: Path, pictures: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Of each picture all that it reads in it, by group and name. One call, since starting it takes longest."""
    assert shutil.which("exiftool"), "exiftool is missing: apt-get install libimage-exiftool-perl"
    for name, content in pictures.items():
        (folder / name).write_bytes(content)
    asked = ["exiftool", "-json", "-G1", "-a", "-u", "-ee", "-struct", "-n", *pictures]
    done = subprocess.run(asked, cwd=folder, capture_output=True, check=True)
    return {told.pop("SourceFile"): told for told in json.loads(done.stdout)}
