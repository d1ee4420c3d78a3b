"""What became of each publisher: the last round of a report year as rows.

Belongs here: reading rounds and their queues. Does not: deciding how a round ended (crawl.py).
"""

from __future__ import annotations

import json
from pathlib import Path

from assets.fetching.fetch_ledger import DONE, FAILED, QUEUED, REFUSED, SPARED, UNCHANGED, FetchLedger
from assets.fetching.recipes import REPORT
from assets.fetching.registry import Publisher

RUNNING = "running"
LAST = """
select * from rounds where round in (select max(round) from rounds where year = ? group by publisher) order by publisher
"""


def outcomes(path: Path, year: str, publishers: dict[str, Publisher] | None = None) -> list[dict[str, object]]:
    """Return one row per publisher that was ever asked for `year`: state, reason, counts of addresses, times."""
    if not path.exists():
        return []
    ledger = FetchLedger(path)
    try:
        return [_row(ledger, dict(row), publishers or {}) for row in ledger.rows(LAST, year)]
    finally:
        ledger.close()


def _row(ledger: FetchLedger, found: dict[str, object], publishers: dict[str, Publisher]) -> dict[str, object]:
    number, name = int(str(found["round"])), str(found["publisher"])
    # The queue of a round that is under way says more than its row.
    tally = json.loads(str(found["counts"])) if found["ended"] else ledger.tally(number)
    publisher = publishers.get(name)

    def count(*states: str, roles: tuple[str, ...] = ()) -> int:
        return sum(
            many for role, by_state in tally.items() for state, many in by_state.items()
            if state in states and (not roles or role in roles)
        )

    return {
        "publisher": name, "year": found["year"], "state": found["state"], "reason": found["reason"],
        "territory_code": (publisher.territory or None) if publisher else None,
        "floor": publisher.floor if publisher else None,
        "reports": count(DONE, UNCHANGED, SPARED, roles=(REPORT,)),
        "fetched": count(DONE), "unchanged": count(UNCHANGED), "spared": count(SPARED),
        "failed": count(FAILED), "refused": count(REFUSED), "queued": count(QUEUED),
        "started": found["started"], "ended": found["ended"],
    }
