"""Reader of MHT: a web page saved as one mail message, as Word and browsers do, often with the ending .doc.

Belongs here: finding the page among the parts of the message. Does not: reading the page (html.py).
"""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from email.errors import MessageError
from email.message import Message

from assets.parsing.document import ReadDocument
from assets.parsing.readers import html
from assets.parsing.readers.bounds import Budget, Unreadable


def read(content: bytes, budget: Budget) -> ReadDocument:
    """Return the first HTML part as html.py reads it; its bytes decide their encoding.

    Raises:
        Unreadable: broken, where there is no such part or it cannot be decoded; too_large.
    """
    try:
        message = email.message_from_bytes(content.lstrip(), policy=email.policy.compat32)
        page = _page(message, budget)
    except (MessageError, ValueError, LookupError, RecursionError) as problem:
        raise Unreadable("broken", f"MHT: {problem}") from problem
    document = html.read(page, budget)
    return replace(document, media="mht", reader="mht")


def _page(message: Message, budget: Budget) -> bytes:
    for number, part in enumerate(message.walk(), 1):
        if number > budget.bounds.most_members:
            raise Unreadable("too_large", f"MHT with more than {budget.bounds.most_members} parts")
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if part.defects or not isinstance(content, bytes):
                raise Unreadable("broken", f"MHT: the page cannot be decoded {part.defects}")
            return content
    raise Unreadable("broken", "MHT without a page")
