"""Reader of zip files that hold one document, as mail systems and offices pack them.

Belongs here: finding the one document. Does not: reading it (the reader of its kind).
"""

from __future__ import annotations

import re

from assets.parsing import readers
from assets.parsing.document import ReadDocument
from assets.parsing.readers import sniffing
from assets.parsing.readers.bounds import Budget, Unreadable, open_archive, read_member

# What packing programs add of their own.
ADDED = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")


def read(content: bytes, budget: Budget) -> ReadDocument:
    """Return the document; its places are those inside it.

    Raises:
        Unreadable: empty; unsupported_format for several documents, or an archive in the archive; as its reader says.
    """
    archive = open_archive(content, budget)
    names = [one.filename for one in archive.infolist() if not one.is_dir() and not ADDED.search(one.filename)]
    if not names:
        raise Unreadable("empty", "a zip file without a file")
    if len(names) > 1:
        raise Unreadable("unsupported_format", f"a zip file with {len(names)} files: unpack it and take one at a time")
    inner = read_member(archive, names[0], budget)
    if sniffing.media_of(inner, budget) == "archive":
        raise Unreadable("unsupported_format", "a zip file inside a zip file")
    return readers.read(inner, budget)
