"""What kind of document the bytes are, and in which encoding.

Belongs here: decisions from content alone. Does not: file names, HTTP headers, `<meta>` (all three mislead).
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from assets.parsing.readers.bounds import Budget, Unreadable, open_archive
from assets.parsing.readers.compound import Compound

BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
MAGIC = {
    b"%PDF-": "pdf",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "ole",
    b"\x89PNG\r\n\x1a\n": "image",
    b"\xff\xd8\xff": "image",
    b"GIF8": "image",
    b"II*\x00": "image",
    b"MM\x00*": "image",
    b"BM": "image",
}
# Known by their first bytes, without a reader of their own.
NAMED = {b"{\\rtf": "RTF", b"\x1f\x8b": "gzip", b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!": "RAR"}
PDF_WINDOW = 1024
# What a zip file with such a member, or with members in such a folder, is; files in capitals have no reader.
ZIP_MEMBERS = {
    "xl/workbook.bin": "XLSB", "ppt/": "PPTX", "word/": "docx", "xl/": "xlsx", "OFD.xml": "ofd",
    "content.xml": "OpenDocument",
}
READ_FROM_ZIP = frozenset({"docx", "xlsx", "ofd"})
OLE_STREAMS = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls"}
# A page saved with its pictures as one mail message; Word saves such files with the ending .doc.
MESSAGE = re.compile(
    rb"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?Content-Type:\s*(?:multipart/related|text/html)", re.I
)
HTML_TAG = re.compile(r"<\s*(?:!doctype\s+html|html|body|head|table|tr|td|div|p|span|article|section)\b", re.I)
# Bytes that no text has; in no encoding but UTF-16 are they part of a character.
CONTROL = bytes([*range(0x09), 0x0B, *range(0x0E, 0x20)])
# Without a BOM, markup or figures in UTF-16 show a zero beside every ASCII character.
UTF_16 = ((re.compile(rb"(?:[\t-~]\x00){4}"), "utf-16-le"), (re.compile(rb"(?:\x00[\t-~]){4}"), "utf-16-be"))
MOST_CONTROL = 0.01
DETECTION_WINDOW = 4096


@lru_cache(maxsize=1)
def decode(content: bytes) -> tuple[str, str]:
    """Return (text, encoding name): BOM, zeros of UTF-16, strict UTF-8, strict GB18030, else whichever loses least.

    The incremental decoders accept a tail cut inside a character. Sniffing and reading ask for the same document.
    """
    for bom, name in BOMS:
        if content.startswith(bom):
            return content.decode(name, "replace"), name
    if b"\x00" in content[:DETECTION_WINDOW]:
        for pattern, name in UTF_16:
            if pattern.search(content[:DETECTION_WINDOW]):
                return content.decode(name, "replace"), name
    for name in ("utf-8", "gb18030"):
        try:
            return codecs.getincrementaldecoder(name)("strict").decode(content, False), name
        except UnicodeDecodeError:
            continue
    candidates = [(content.decode(name, "replace"), name) for name in ("utf-8", "gb18030", "big5")]
    return min(candidates, key=lambda pair: pair[0].count("\ufffd"))


def media_of(content: bytes, budget: Budget) -> str:
    """Return the kind of document: html, text, pdf, docx, doc, xlsx, xls, ofd, mht, image, or archive (any other zip).

    Raises:
        Unreadable: empty file, a format without a reader, or bytes that are no text.
    """
    if not content.strip():
        raise Unreadable("empty", "0 characters of text")
    budget.size(content)
    for magic, name in NAMED.items():
        if content.startswith(magic):
            raise Unreadable("unsupported_format", name)
    kind = next((kind for magic, kind in MAGIC.items() if content.startswith(magic)), None)
    if kind == "zip":
        return _zip_kind(content, budget)
    if kind == "ole":
        return _ole_kind(content)
    if kind and not (kind == "image" and content.startswith(b"BM") and _is_text(content)):
        return kind
    if b"%PDF-" in content[:PDF_WINDOW]:
        return "pdf"
    if MESSAGE.match(content[:DETECTION_WINDOW]) and b"mime-version" in content[:DETECTION_WINDOW].lower():
        return "mht"
    return _text_kind(content)


def _zip_kind(content: bytes, budget: Budget) -> str:
    names = open_archive(content, budget).namelist()
    for folder, kind in ZIP_MEMBERS.items():
        if any(name == folder or (folder.endswith("/") and name.startswith(folder)) for name in names):
            if kind in READ_FROM_ZIP:
                return kind
            raise Unreadable("unsupported_format", kind)
    if any(name.endswith("OFD.xml") for name in names):
        return "ofd"
    return "archive"


def _ole_kind(content: bytes) -> str:
    file = Compound(content)
    if file.has("EncryptedPackage"):
        raise Unreadable("encrypted", "an Office file with a password")
    for stream, kind in OLE_STREAMS.items():
        if file.has(stream):
            return kind
    raise Unreadable("unsupported_format", "an OLE file that is neither DOC nor XLS")


def _is_text(content: bytes) -> bool:
    return b"\x00" not in content[:PDF_WINDOW]


def _text_kind(content: bytes) -> str:
    decoded, encoding = decode(content)
    visible = decoded.strip("\ufeff \t\r\n\u3000\xa0\x00")
    if not visible:
        raise Unreadable("empty", "0 characters of text")
    controls = 0 if encoding.startswith("utf-16") else len(content) - len(content.translate(None, CONTROL))
    share = (controls + visible.count("\ufffd")) / len(visible)
    if share > MOST_CONTROL:
        raise Unreadable(
            "unreadable", f"{share:.0%} of the characters are control or replacement characters ({encoding})"
        )
    if HTML_TAG.search(decoded[:DETECTION_WINDOW]) or len(HTML_TAG.findall(decoded)) > 2:
        return "html"
    return "text"
