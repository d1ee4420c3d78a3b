"""What an answer means for the crawl: taken, unchanged, moved, to be asked again, failed, or the host blocks.

Belongs here: judging one answer, reading redirects and robots rules. Does not: asking, waiting, the ledger.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from protego import Protego

from assets.fetching.addresses import canonical
from assets.fetching.exchange import Answer
from assets.fetching.recipes import ATTACHMENT, PICTURE
from assets.parsing.readers.bounds import Budget, Unreadable
from assets.parsing.readers.sniffing import media_of

TAKEN, SAME, MOVES, AGAIN, FAILS, BLOCKS, REFUSES = "taken", "same", "moves", "again", "fails", "blocks", "refuses"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What sites answer whose guard takes us for an intruder; nothing is done to get around it.
GUARDS = frozenset({401, 403, 405, 412, 418, 521})
BUSY = frozenset({408, 429, 500, 502, 503, 504, 520, 522, 524})
PASSING = frozenset({"timeout", "cut_short", "unanswered", "no_such_host"})
CONDITIONAL = frozenset({"If-None-Match", "If-Modified-Since"})
CHALLENGE = re.compile(rb"\$_ts\s*=|__jsl_clearance|acw_sc__v2|<title>\s*(?:Just a moment|WAF)", re.I)
CHALLENGE_WINDOW = 8192
LONGEST_RETRY_AFTER = 900.0


@dataclass(frozen=True)
class Meaning:
    """kind: one of the constants above; reason in one word; after: seconds the server asks us to wait."""

    kind: str
    reason: str = ""
    after: float = 0.0


def meaning_of(answer: Answer) -> Meaning:
    """Return what an answer means."""
    if answer.failure:
        kind = REFUSES if answer.failure == "refused_number" else AGAIN if answer.failure in PASSING else FAILS
        return Meaning(kind, answer.failure)
    if answer.status == 304:
        # Without validators in the request there is nothing that it could be the same as.
        return Meaning(SAME) if CONDITIONAL & answer.sent.keys() else Meaning(FAILS, "unasked_304")
    if answer.status in REDIRECTS:
        return Meaning(MOVES) if answer.header("Location") else Meaning(FAILS, "redirect_to_nowhere")
    if answer.status in GUARDS:
        return Meaning(BLOCKS, f"status_{answer.status}")
    if answer.status in BUSY:
        return Meaning(AGAIN, f"status_{answer.status}", _retry_after(answer))
    if answer.status != 200:
        return Meaning(FAILS, f"status_{answer.status}")
    if CHALLENGE.search(answer.body[:CHALLENGE_WINDOW]):
        return Meaning(BLOCKS, "challenge")
    return Meaning(TAKEN) if answer.body.strip() else Meaning(FAILS, "empty")


def target_of(answer: Answer) -> str:
    """Return the canonical address that a redirect leads to; ValueError where it is none."""
    return canonical(answer.header("Location").encode("latin-1").decode("utf-8", "replace"), answer.url)


def media(body: bytes, role: str) -> tuple[str, str]:
    """Return (kind of document by its bytes, why a body is not what its role asks for, or "")."""
    try:
        found = media_of(body, Budget())
    except Unreadable as error:
        return error.kind, "attachment_is_no_document" if role == PICTURE else ""
    if role == ATTACHMENT and found in ("html", "text"):
        return found, "attachment_is_a_page"
    return found, "picture_is_none" if role == PICTURE and found != "image" else ""


def rules_of(answer: Answer) -> Protego | None:
    """Return the robots rules that an answer states; None where the host must not be asked now (RFC 9309)."""
    if answer.failure or answer.status >= 500 or answer.status == 429:
        return None
    return Protego.parse(answer.body.decode("utf-8", "replace") if answer.status == 200 else "")


def _retry_after(answer: Answer) -> float:
    value = answer.header("Retry-After").strip()
    return min(float(value), LONGEST_RETRY_AFTER) if re.fullmatch(r"\d{1,6}", value) else 0.0
