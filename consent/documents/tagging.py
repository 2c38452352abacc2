"""What is each thing on the page, for somebody who hears it read aloud? reportlab has no call for tagged PDF.

A `Paper` is a canvas that keeps the structure tree: containers are opened and closed, leaves wrap what is drawn, and
everything else is drawn inside `artifact()`.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final

from reportlab import rl_config
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFObject
from reportlab.pdfgen.canvas import Canvas

from consent.documents import fonts

PRODUCT: Final = "Patron consent registry"

# Text-armored streams are a quarter larger, and nothing has needed them since mail was seven bits wide.
rl_config.useA85 = 0


def in_language(language: str) -> str:
    """The attribute of an element whose language is not the document's."""
    return f"/Lang({language})" if language else ""


def in_words(spoken: str) -> str:
    """The attribute that says a picture in words."""
    return f"/Alt <FEFF{spoken.encode('utf-16-be').hex()}>" if spoken else ""


class Element(PDFObject):  # type: ignore[misc] # reportlab ships no types
    """One node of the structure tree: a container of others, or a leaf that is one marked piece of one page."""

    __slots__ = ("__InternalName__", "extra", "kids", "marked", "number", "page", "parent", "tag")

    def __init__(self, tag: str, parent: "Element | None", extra: str, page: int = 0, marked: int = -1) -> None:
        self.tag, self.parent, self.extra, self.page, self.marked = tag, parent, extra, page, marked
        self.kids: list[Element] = []
        self.number = 0
        if parent is not None:
            parent.kids.append(self)

    def format(self, document: Any) -> bytes:
        parent = self.parent.number if self.parent else document.structure
        if self.marked >= 0:
            content = f"/Pg {document.page_numbers[self.page]} 0 R/K {self.marked}"
        else:
            content = f"/K[{' '.join([f'{kid.number} 0 R' for kid in self.kids])}]"
        return f"<</S/{self.tag}/P {parent} 0 R{content}{self.extra}>>".encode("latin-1")


class Raw(PDFObject):  # type: ignore[misc]  # reportlab has no types
    """An object whose bytes are known once every number is."""

    def __init__(self) -> None:
        self.text = ""

    def format(self, _document: Any) -> bytes:
        return self.text.encode("ascii")


class EmbeddedFile(PDFObject):  # type: ignore[misc]  # reportlab ships no types
    """The bytes of a file within the document. `consent.domain.copy_check` finds it by the order of its keys."""

    def __init__(self, content: bytes) -> None:
        self.packed = zlib.compress(content, 9)

    def format(self, _document: Any) -> bytes:
        head = f"<</Type/EmbeddedFile/Length {len(self.packed)}/Filter/FlateDecode>>\nstream\n"
        return head.encode("ascii") + self.packed + b"\nendstream\n"


class Paper(Canvas):  # type: ignore[misc]  # reportlab has no types
    """A tagged document under way. Equal drawing gives equal bytes: no clock, no chance."""

    def __init__(self, size: tuple[float, float], *, title: str, language: str, author: str) -> None:
        self.file = BytesIO()
        super().__init__(
            self.file,
            size,
            invariant=1,
            pageCompression=1,
            lang=language,
            initialFontName=fonts.latin(),
            pdfVersion=(1, 7),
        )
        self.setTitle(title)
        self.setAuthor(author)
        self.setSubject("")
        self.setCreator(PRODUCT)
        self.setViewerPreference("DisplayDocTitle", "true")
        self.root = self.innermost = Element("Document", None, "")
        self.elements = [self.root]
        self.marks: list[list[Element]] = [[]]
        self.attached: list[tuple[str, bytes]] = []

    def open(self, tag: str) -> None:
        """What is drawn until `close` belongs to this element."""
        self.innermost = self._element(tag, "")

    def close(self) -> None:
        assert self.innermost.parent is not None
        self.innermost = self.innermost.parent

    def leaf(self, tag: str, extra: str = "") -> str:
        """The operator that begins a marked piece; `EMC` ends it. For rows drawn by the thousand."""
        marks = self.marks[-1]
        marked = len(marks)
        marks.append(self._element(tag, extra, marked))
        return f"/{tag} <</MCID {marked}>> BDC"

    @contextmanager
    def content(self, tag: str, extra: str = "") -> Iterator[None]:
        """What is drawn inside is read as this."""
        self.addLiteral(self.leaf(tag, extra))
        yield
        self.addLiteral("EMC")

    @contextmanager
    def span(self, *, language: str = "", spoken: str = "") -> Iterator[None]:
        """Part of a leaf that is in another language, or a picture for which the words `spoken` stand in."""
        self.addLiteral(f"/Span <<{in_language(language)}{in_words(spoken)}>> BDC")
        yield
        self.addLiteral("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn inside is not read."""
        self.addLiteral("/Artifact BMC")
        yield
        self.addLiteral("EMC")

    def attach(self, name: str, content: bytes) -> None:
        """Let the document carry a file, which its reader can save."""
        self.attached.append((name, content))

    def showPage(self) -> None:  # noqa: N802  # reportlab's name
        super().showPage()
        page = self._doc.idToObject[f"Page{len(self.marks)}"]
        page.__Defaults__ = page.__Defaults__ | {"StructParents": len(self.marks) - 1, "Tabs": PDFName("S")}
        self.marks.append([])

    def finished(self) -> bytes:
        """The document's bytes, its last page closed by the caller."""
        self._add_structure()
        self._add_attached()
        self.save()
        return self.file.getvalue()

    def _element(self, tag: str, extra: str, marked: int = -1) -> Element:
        element = Element(tag, self.innermost, extra, len(self.marks), marked)
        self.elements.append(element)
        return element

    def _add_structure(self) -> None:
        document, pages = self._doc, range(1, len(self.marks))
        document.page_numbers = {page: document.idToObjectNumberAndVersion[f"Page{page}"][0] for page in pages}
        tree = Raw()
        document.Reference(tree)
        document.structure = document.objectcounter
        for element in self.elements:
            document.Reference(element)
            element.number = document.objectcounter
        parents = " ".join(
            f"{page}[{' '.join([f'{element.number} 0 R' for element in marks])}]"
            for page, marks in enumerate(self.marks[:-1])
        )
        tree.text = f"<</Type/StructTreeRoot/K {self.root.number} 0 R/ParentTree <</Nums[{parents}]>>>>"
        document.Catalog.StructTreeRoot = tree
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})

    def _add_attached(self) -> None:
        if not self.attached:
            return
        document, listed = self._doc, []
        for name, content in sorted(self.attached):
            document.Reference(EmbeddedFile(content))
            stream = document.objectcounter
            told = Raw()
            told.text = (
                f"<</Type/Filespec/F({name})/UF({name})/AFRelationship/Data/EF<</F {stream} 0 R/UF {stream} 0 R>>>>"
            )
            document.Reference(told)
            listed.append(f"({name}) {document.objectcounter} 0 R")
        names = Raw()
        names.text = f"<</EmbeddedFiles<</Names[{' '.join(listed)}]>>>>"
        document.Catalog.Names = names
