"""In which words does a picture say that it was cleared? Those of PLUS and IPTC, which picture software reads."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from xml.sax.saxutils import escape

from consent.domain.pictures import Stamp

VOCABULARY: Final = "http://ns.useplus.org/ldf/vocab/"
LIMITED_RELEASE: Final = f"{VOCABULARY}MR-LMR"
NO_MINING: Final = f"{VOCABULARY}DMI-PROHIBITED-AIMLTRAINING"
MOST_BYTES: Final = 65_000
"""A JPEG has room for so much and no more."""
NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BEGINNING: Final = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
END: Final = '<?xpacket end="r"?>'
ENVELOPE: Final = """{beginning}
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
{said}
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
{end}"""


def xmp_packet(stamp: Stamp) -> bytes:
    """Where all the names do not fit in, it has none: some of them would pass for everybody."""
    packet = _packet(stamp)
    return packet if len(packet) <= MOST_BYTES else _packet(replace(stamp, named=()))


def _packet(stamp: Stamp) -> bytes:
    said = [
        _element("plus:ModelReleaseStatus", LIMITED_RELEASE),
        _list("plus:ModelReleaseID", "Bag", [_element("rdf:li", stamp.number)]),
        _element("plus:DataMining", NO_MINING),
        _list("xmpRights:UsageTerms", "Alt", _in_each_language(stamp.terms)),
        _element("xmpRights:WebStatement", stamp.statement_url),
    ]
    if stamp.named:
        said.append(_list("Iptc4xmpExt:PersonInImage", "Bag", [_element("rdf:li", name) for name in stamp.named]))
    return ENVELOPE.format(beginning=BEGINNING, said="\n".join(said), end=END).encode()


def _in_each_language(terms: tuple[tuple[str, str], ...]) -> Iterable[str]:
    """What stands first is the one for everybody else."""
    _, first = terms[0]
    for language, text in (("x-default", first), *terms):
        yield f'<rdf:li xml:lang="{language}">{_text(text)}</rdf:li>'


def _list(name: str, container: str, items: Iterable[str]) -> str:
    return f"<{name}><rdf:{container}>{''.join(items)}</rdf:{container}></{name}>"


def _element(name: str, text: str) -> str:
    return f"<{name}>{_text(text)}</{name}>"


def _text(text: str) -> str:
    return escape(NOT_IN_XML.sub("", text))
