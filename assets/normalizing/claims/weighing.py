"""What the claims of one sentence say of each other: doubles, whose applicants, what takes back 全部办结.

Belongs here: claims in, claims out. Does not: finding them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assets.form import cells as form
from assets.normalizing.claims.claim import STRONG, WEAK, Claim

ORGANISATIONS = "organisations"
# Counts of requests between 收到 and the applicants make it doubtful whose applicants they are.
COUNTS = ("received", "carried_in", "carried_out", "answered")


def weighed(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims of one sentence in order, each once, as strong as the sentence leaves them."""
    once = _once(claims)
    kept = [claim for claim in once if claim.kind != "applicants"] + _applicants_of_received(once)
    kept = [claim for claim in kept if claim.kind != "all_done" or not _only_of_carried_in(claim, kept)]
    carried = any(claim.kind == "carried_out" and claim.lower for claim in kept)
    softened = [
        replace(claim, strength=WEAK) if claim.kind == "all_done" and carried else claim for claim in kept
    ]
    each = (one for claim in softened for one in _for_each_forum(_with_cells(claim)))
    return sorted(each, key=lambda claim: (claim.start, claim.kind, claim.subject or ""))


def _only_of_carried_in(done: Claim, claims: Sequence[Claim]) -> bool:
    """Whether 全部办结 speaks of requests carried in alone: the sentence names them before it, and no others."""
    before = {claim.kind for claim in claims if claim.start < done.start}
    return "carried_in" in before and "received" not in before


def _once(claims: Iterable[Claim]) -> list[Claim]:
    """One claim for each number and kind, the plainest; of two ways to say 全部办结 that overlap, the strong one."""
    best: dict[tuple[str, str | None, int], Claim] = {}
    for claim in claims:
        key = (claim.kind, claim.subject, claim.start)
        if key not in best or (best[key].strength == WEAK and claim.strength != WEAK):
            best[key] = claim
    found = list(best.values())
    strong = [claim for claim in found if claim.kind == "all_done" and claim.strength == STRONG]
    both = {(claim.kind, claim.start) for claim in found if claim.subject and "," in claim.subject}
    return [
        claim for claim in found
        if not (claim.kind == "all_done" and claim.strength == WEAK and any(_overlap(claim, one) for one in strong))
        and not (claim.kind == "no_disputes" and "," not in str(claim.subject) and (claim.kind, claim.start) in both)
    ]


def _overlap(one: Claim, other: Claim) -> bool:
    return one.start < other.end and other.start < one.end


def _applicants_of_received(claims: Sequence[Claim]) -> list[Claim]:
    """Keep applicants of the requests received: no other count stands between, or they add up to those received."""
    found = sorted((claim for claim in claims if claim.kind == "applicants"), key=lambda claim: claim.start)
    if not found:
        return []
    before = sorted(
        (claim for claim in claims if claim.kind in COUNTS and claim.start < found[0].start), key=lambda one: one.start
    )
    received = [claim for claim in before if claim.kind == "received"]
    if not received:
        return []
    main = [claim for claim in found if claim.subject in (ORGANISATIONS, "requests.received.natural_person")]
    fits = sum(claim.lower or 0 for claim in main) == received[-1].lower
    return found if fits or before[-1] is received[-1] else []


def _for_each_forum(claim: Claim) -> list[Claim]:
    """A claim of no disputes at all is one for each forum."""
    if claim.kind != "no_disputes":
        return [claim]
    return [replace(claim, subject=forum) for forum in str(claim.subject).split(",")]


def _with_cells(claim: Claim) -> Claim:
    """Name the cells of the five kinds of organisations."""
    if claim.subject != ORGANISATIONS:
        return claim
    columns = [column.code for column in form.editions()[-1].table(form.REQUESTS).columns]
    cells = [f"requests.received.{code}" for code in columns if code not in ("natural_person", "total")]
    return replace(claim, subject=",".join(cells))
