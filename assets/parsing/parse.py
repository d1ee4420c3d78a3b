"""The way of one document: read, find sections, choose layouts, place tables, or refuse with a reason.

Belongs here: the order of these steps. Does not: how each is done.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assets.form import cells as form
from assets.parsing import readers
from assets.parsing.document import Block, Observation, ParsedDocument, ParsedTable, ReadDocument, Refusal
from assets.parsing.layouts import claimants
from assets.parsing.placing import labels
from assets.parsing.placing.rows import Setting, is_blank
from assets.parsing.placing.tables import TableRows, place_tables, sort_rows
from assets.parsing.readers.bounds import Unreadable
from assets.parsing.sections import Region, regions, runs
from assets.parsing.unrolled import unrolled

SUBJECT = "政府信息公开"
# A report says of which year it is: in a title, or by its period. The date of a notice does not count.
STATED_YEAR = re.compile(
    r"20\d\d年?度?[^,。;]{0,12}政府信息公开[^,。;]{0,12}报告|政府信息公开[^,。;]{0,6}20\d\d年?度?[^,。;]{0,6}报告|20\d\d年1月1日"
)
LONGEST_TITLE = 90
# A report shows a table, or at least two of the three table headings (tables as pictures).
FEWEST_HEADINGS = 2
# So many bare labels of one table in the text say that the table is there but set in no known way.
FEWEST_LABELS = 3


def parse_document(content: bytes, name: str) -> ParsedDocument:
    """Parse a document of any kind; never raises for its content.

    Args:
        content: the bytes as published.
        name: file name, for messages only; nothing is concluded from it.
    """
    try:
        document = readers.read(content)
    except Unreadable as problem:
        return ParsedDocument("unknown", "", "", Refusal(problem.kind, f"{name}: {problem.detail}"))
    return parse_read(document, name)


def parse_read(document: ReadDocument, name: str) -> ParsedDocument:
    """Parse what a reader made of a document."""
    blocks = unrolled(document.blocks)
    found = runs(regions(blocks))
    parsed = [_parse_run(run) for run in found]
    reports = [result for result in parsed if any(_rows(table) for table in result.tables)]
    base = replace(ParsedDocument(document.media, document.encoding, document.reader), text=_prose(parsed))
    if len(reports) > 1:
        return replace(base, refusal=Refusal("several_reports", f"{name}: {len(reports)} sets of tables"))
    tables = reports[0].tables if reports else _headings_only(parsed)
    problem = _not_a_report(blocks, found, tables) or _blank_form(blocks, tables)
    if problem is not None:
        return replace(base, refusal=Refusal(problem, name))
    return replace(base, tables=tables)


def _prose(parsed: Sequence[ParsedDocument]) -> tuple[Block, ...]:
    return tuple(block for result in parsed for block in result.text if not is_blank(block.text))


def _headings_only(parsed: Sequence[ParsedDocument]) -> tuple[ParsedTable, ...]:
    """Without any table, the run that shows the most table headings speaks for the document."""

    def heads(result: ParsedDocument) -> int:
        return sum(fact.fact == "table_heading" for table in result.tables for fact in table.observations)

    return max(parsed, key=heads).tables if parsed else ()


def _parse_run(run: Sequence[Region]) -> ParsedDocument:
    """Read every region of a run by the layout that claims it and place the tables."""
    collected: dict[str, TableRows] = {}
    facts: list[Observation] = []
    prose: list[Block] = []
    for region in run:
        table = region.section if region.section in form.table_codes() else None
        if region.heading:
            prose.append(Block(region.heading, ""))
        if table:
            facts.append(Observation(table, "table_heading", table, region.heading))
        used, more = _read_region(region, table, collected)
        facts += more
        prose += [block for index, block in enumerate(region.blocks) if index not in used and not block.grid]
    tables = tuple(_with_facts(table, facts) for table in place_tables(collected))
    return ParsedDocument("", "", "", tables=tuple(_with_unread(table, run) for table in tables), text=tuple(prose))


def _read_region(
    region: Region, table: str | None, collected: dict[str, TableRows]
) -> tuple[frozenset[int], list[Observation]]:
    """Add the region's rows to `collected`; two claims are a finding, and nobody reads the region then."""
    claims = claimants(region.blocks)
    if len(claims) > 1:
        names = ",".join(layout.name for layout in claims)
        return frozenset(), [Observation(table, "layout_ambiguous", table, names)] if table else []
    if not claims:
        return frozenset(), []
    reading = claims[0].read(region.blocks)
    keeps = claims[0].keeps_blanks or reading.exact
    setting = Setting(keeps, reading.exact, reading.unmarked, reading.row_marks)
    paired = sort_rows(reading.rows, table)
    for row, code in paired:
        collected.setdefault(code, TableRows()).add(row, claims[0].name, setting)
    return reading.used if paired else frozenset(), []


def _with_facts(table: ParsedTable, facts: Sequence[Observation]) -> ParsedTable:
    own = tuple(fact for fact in facts if fact.table == table.code)
    return replace(table, observations=tuple(dict.fromkeys((*table.observations, *own))))


def _with_unread(table: ParsedTable, run: Sequence[Region]) -> ParsedTable:
    """Note a table whose labels stand in its section although no row could be read."""
    if _rows(table):
        return table
    names = {labels.normal(line.zh) for line in form.all_lines(table.code)}
    names |= {labels.normal(c.zh) for e in form.editions() for c in e.table(table.code).columns}
    blocks = [b for region in run if region.section == table.code for b in region.blocks]
    pieces = {labels.normal(piece) for b in blocks for piece in re.split(r"[|\t]", b.text)}
    pieces |= {labels.normal(cell.text) for b in blocks for row in b.grid or () for cell in row.cells}
    if len(pieces & names) < FEWEST_LABELS:
        return table
    note = Observation(table.code, "unread_table", table.code, f"{len(pieces & names)} labels")
    return replace(table, observations=(*table.observations, note))


def _rows(table: ParsedTable) -> int:
    return next((int(fact.value) for fact in table.observations if fact.fact == "value_rows"), 0)


def _not_a_report(
    blocks: Sequence[Block], found: Sequence[Sequence[Region]], tables: Sequence[ParsedTable]
) -> str | None:
    headings = max((len({r.section for r in run} & set(form.table_codes())) for run in found), default=0)
    speaks = any(SUBJECT in block.text for block in blocks) or any(_rows(table) for table in tables)
    if speaks and (any(_rows(table) for table in tables) or headings >= FEWEST_HEADINGS):
        return None
    return "not_a_report"


def _blank_form(blocks: Sequence[Block], tables: Sequence[ParsedTable]) -> str | None:
    """A form without one digit in its tables that states no year either is the notice's form, not a report."""
    values = [placed.cell.text for table in tables for placed in table.cells if placed.cell_code]
    filled = any(character.isdigit() for text in values for character in text)
    if filled or not values:
        return None
    folded = ("".join(block.text.split()) for block in blocks)
    stated = any(STATED_YEAR.search(text) for text in folded if len(text) <= LONGEST_TITLE or "1月1日" in text)
    return None if stated else "blank_form"
