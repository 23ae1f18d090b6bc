"""A record as one HTML page: nothing is loaded, all text is escaped by the tree that it is put into."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from infra.papers.record import Section

_STYLE = """
body { font: 11pt/1.4 Georgia, "Times New Roman", serif; color: #111; margin: 2rem auto; max-width: 60rem; }
table { border-collapse: collapse; width: 100%; font-size: 9.5pt; margin: 0.5rem 0 2rem; }
th, td { border: 1px solid #767676; padding: 0.2rem 0.4rem; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
footer { border-top: 1px solid #767676; padding-top: 0.5rem; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(title: str, lead: Sequence[str], sections: Sequence[Section], footer: str) -> str:
    """The page. `lead` are the paragraphs below the title."""
    html = ElementTree.Element("html", lang="en")
    head = ElementTree.SubElement(html, "head")
    ElementTree.SubElement(head, "meta", charset="utf-8")
    ElementTree.SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    ElementTree.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    ElementTree.SubElement(head, "meta", name="robots", content="noindex")
    _text(head, "title", title)
    _text(head, "style", _STYLE)
    body = ElementTree.SubElement(html, "body")
    main = ElementTree.SubElement(body, "main")
    _text(main, "h1", title)
    for paragraph in lead:
        _text(main, "p", paragraph)
    for section in sections:
        _section(main, section)
    _text(body, "footer", footer)
    return "<!DOCTYPE html>\n" + ElementTree.tostring(html, encoding="unicode", method="html") + "\n"


def _section(main: ElementTree.Element, section: Section) -> None:
    _text(main, "h2", section.title)
    if section.note:
        _text(main, "p", section.note)
    if not section.rows:
        _text(main, "p", "Nothing is held.")
        return
    table = ElementTree.SubElement(main, "table")
    _text(table, "caption", f"{section.title}: {len(section.rows)}")
    line = ElementTree.SubElement(ElementTree.SubElement(table, "thead"), "tr")
    for name in section.columns:
        _text(line, "th", name.replace("_", " "), scope="col")
    rows = ElementTree.SubElement(table, "tbody")
    for row in section.rows:
        line = ElementTree.SubElement(rows, "tr")
        for number, name in enumerate(section.columns):
            if number:
                _text(line, "td", row[name])
            else:
                _text(line, "th", row[name], scope="row")


def _text(parent: ElementTree.Element, tag: str, text: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, tag, attributes).text = text
