"""The elements right below the root of an XML file, one at a time, as small trees.

Namespaces are left out of the names, because each version of a standard has another one. A DOCTYPE is
refused, and with it every entity of a file's own: they can make a small file huge, or read other files.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

from infra.files.source import Source
from models.refusal import Fault, Reason

_DEEPEST = 64
_SEPARATOR = " "


class XmlBroken(Exception):
    """XML that cannot be read on from a line; carries it and the fault."""

    def __init__(self, line: int, wrong: str) -> None:
        self.line = line
        self.fault = Fault(Reason.NOT_CSV, "", f"the XML {wrong} at line {line}; export the file again")
        super().__init__(self.fault.message)


class Node:
    """An element: its name without namespace, its text, and the line and bytes where it stands."""

    __slots__ = ("begin", "children", "end", "line", "name", "pieces")

    def __init__(self, name: str, line: int, begin: int) -> None:
        self.name = name
        self.line = line
        self.begin = begin
        self.end = begin
        self.children: list[Node] = []
        self.pieces: list[str] = []

    @property
    def text(self) -> str:
        """Its own text, without blanks around it."""
        return "".join(self.pieces).strip()

    def child(self, name: str) -> Node | None:
        """The first child of a name."""
        return next((child for child in self.children if child.name == name), None)

    def all(self, name: str) -> Iterator[Node]:
        """Every element of a name below, in the order of the file; those within a match are left out."""
        for child in self.children:
            if child.name == name:
                yield child
            else:
                yield from child.all(name)

    def value(self, *names: str) -> str:
        """The text of the first element below that has one of the names; blank where there is none."""
        for name in names:
            for found in self.all(name):
                return found.text
        return ""


def root_name(source: Source) -> str:
    """The name of the root element. Raises XmlBroken where the file does not begin as XML does."""
    names: list[str] = []
    parser = _parser()
    parser.StartElementHandler = lambda name, _: names.append(_local(name))
    try:
        for chunk in source.chunks(counted=False):
            _feed(parser, chunk)
            if names:
                return names[0]
        _feed(parser, b"", last=True)
    except XmlBroken:
        if not names:
            raise
    return names[0]


def nodes(source: Source, *, counted: bool = False) -> Iterator[Node]:
    """The elements below the root. Raises XmlBroken where the XML is broken, after those before it."""
    builder = _Builder()
    parser = builder.parser
    try:
        for chunk in source.chunks(counted=counted):
            _feed(parser, chunk)
            yield from builder.taken()
        _feed(parser, b"", last=True)
    except XmlBroken:
        yield from builder.taken()
        raise


def text_of(source: Source, node: Node) -> str:
    """An element's text as it stands in the file."""
    tail = source.slice(node.end, node.end + 300)
    return source.slice(node.begin, node.end + tail.find(b">") + 1).decode(errors="replace")


class _Builder:
    """Puts the elements together as the parser meets them."""

    def __init__(self) -> None:
        self._open: list[Node] = []
        self._done: list[Node] = []
        self._inside = False
        self.parser = _parser()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def taken(self) -> list[Node]:
        """The elements that are complete since the last call."""
        done, self._done = self._done, []
        return done

    def _begin(self, name: str, _: dict[str, str]) -> None:
        if not self._inside:
            self._inside = True
            return
        if len(self._open) >= _DEEPEST:
            raise XmlBroken(self.parser.CurrentLineNumber, f"nests over {_DEEPEST} elements")
        node = Node(_local(name), self.parser.CurrentLineNumber, self.parser.CurrentByteIndex)
        if self._open:
            self._open[-1].children.append(node)
        self._open.append(node)

    def _end(self, _: str) -> None:
        if self._open:
            node = self._open.pop()
            node.end = self.parser.CurrentByteIndex
            if not self._open:
                self._done.append(node)

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1].pieces.append(text)


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)

    def no_doctype(*_: object) -> None:
        raise XmlBroken(parser.CurrentLineNumber, "has a DOCTYPE, which is not read,")

    parser.StartDoctypeDeclHandler = no_doctype
    return parser


def _feed(parser: expat.XMLParserType, chunk: bytes, *, last: bool = False) -> None:
    """Hand a piece to the parser. Raises XmlBroken."""
    try:
        parser.Parse(chunk, last)
    except expat.ExpatError as error:
        raise XmlBroken(error.lineno, f"is broken ({expat.ErrorString(error.code)})") from None
    except (LookupError, ValueError):  # expat asks Python's codecs for what it does not know itself
        raise XmlBroken(1, "names an encoding that is not read") from None


def _local(name: str) -> str:
    return name.rpartition(_SEPARATOR)[2]
