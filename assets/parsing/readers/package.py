"""Office packages (OPC): zip files of XML parts that name one another by relationships.

Belongs here: finding the main part, a part's relations, and parsing a part with the vocabularies of "strict" files
under their usual names. Does not: any vocabulary of documents or sheets (docx.py, xlsx.py).
"""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass

from lxml import etree

from assets.parsing.readers.bounds import Budget, Unreadable, read_member
from assets.parsing.readers.markup import parse_part

RELATIONS = "_rels/.rels"
OFFICE_DOCUMENT = "/officeDocument"
# Files saved as "strict" differ in the names of the vocabularies only.
STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main":
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships":
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing":
        b"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
}


@dataclass(frozen=True)
class Relation:
    """One relation of a part: the last word of its type, and the member it points to."""

    kind: str
    target: str


@dataclass(frozen=True)
class Package:
    """An opened package; `word` names its format in messages."""

    archive: zipfile.ZipFile
    word: str
    budget: Budget

    def has(self, name: str) -> bool:
        """Tell whether a member is there."""
        return name in self.archive.NameToInfo

    def bytes_of(self, name: str) -> bytes:
        """Return a member's bytes; Unreadable('broken') if it is missing."""
        try:
            return read_member(self.archive, name, self.budget)
        except KeyError as problem:
            raise Unreadable("broken", f"{self.word} without {name}") from problem

    def part(self, name: str) -> etree._Element:
        """Return the root element of a part; Unreadable as `read_member` and `parse_part` say."""
        content = self.bytes_of(name)
        if b"purl.oclc.org" in content:
            for strict, transitional in STRICT.items():
                content = content.replace(strict, transitional)
        return parse_part(content, name, self.budget)

    def relations(self, name: str) -> dict[str, Relation]:
        """Return the relations of a part by their ids; targets are members of the package."""
        folder, base = posixpath.split(name)
        source = posixpath.join(folder, "_rels", f"{base}.rels")
        if not self.has(source):
            return {}
        found = {}
        for relation in self.part(source):
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target") or ""))
            kind = (relation.get("Type") or "").rpartition("/")[2]
            found[relation.get("Id") or ""] = Relation(kind, target.lstrip("/"))
        return found

    def main_part(self, usual: str) -> str:
        """Return the member that the package names as its document, the usual one if it names none."""
        if not self.has(RELATIONS):
            return usual
        for relation in self.part(RELATIONS):
            if (relation.get("Type") or "").endswith(OFFICE_DOCUMENT):
                return posixpath.normpath("/" + (relation.get("Target") or usual)).lstrip("/")
        return usual
