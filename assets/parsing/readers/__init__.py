"""Readers: bytes to pages of text blocks and grids.

Belongs here: choosing the reader by content, and one module per kind of document with `read(content, budget)`.
Does not: label matching, numbers, anything about the form.
"""

from __future__ import annotations

import importlib
import importlib.util

from assets.parsing.document import ReadDocument
from assets.parsing.readers import sniffing
from assets.parsing.readers.bounds import Budget, Unreadable


def read(content: bytes, budget: Budget | None = None) -> ReadDocument:
    """Read a document of any supported kind; the module of that name in this folder does it.

    Raises:
        Unreadable: with a refusal kind, when there is nothing to read or it costs too much.
    """
    budget = budget or Budget()
    kind = sniffing.media_of(content, budget)
    name = f"{__name__}.{kind}"
    if importlib.util.find_spec(name) is None:
        raise Unreadable("unsupported_format", kind.upper())
    document: ReadDocument = importlib.import_module(name).read(content, budget)
    return document
