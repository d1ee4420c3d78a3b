"""XML members of zip files, parsed without entities, network or unbounded memory.

Belongs here: the one parser set-up for every XML-based format. Does not: any vocabulary.
"""

from __future__ import annotations

from lxml import etree

from assets.parsing.readers.bounds import Budget, Unreadable

# An element costs some 200 bytes of memory and an attribute about as much: at most about 350 MB for the largest
# part. Parts of published reports stay below 200,000.
MOST_MARKS = 1_000_000


def parse_part(content: bytes, name: str, budget: Budget) -> etree._Element:
    """Return the root element of an XML part; comments and processing instructions are left out.

    Raises:
        Unreadable: broken (not well-formed, a DTD, too deeply nested) or too_large.
    """
    marks = content.count(b"<") + content.count(b"=")
    if marks > MOST_MARKS:
        raise Unreadable("too_large", f"{name}: {marks:,} elements and attributes, at most {MOST_MARKS:,}")
    if b"<!DOCTYPE" in content:
        raise Unreadable("broken", f"{name}: a document type declaration, which the format forbids")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise Unreadable("broken", f"{name}: {problem}") from problem
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("broken", f"{name}: a document type declaration, which the format forbids")
    budget.check()
    return root
