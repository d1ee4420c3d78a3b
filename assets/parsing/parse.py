"""The way of one document: read, find sections, choose layouts, place tables, or refuse with a reason.

Belongs here: the order of these steps. Does not: how each is done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assets.form import cells as form
from assets.parsing import readers, refusing
from assets.parsing.document import (
    Block,
    Observation,
    Page,
    ParsedDocument,
    ParsedReport,
    ParsedTable,
    ReadDocument,
    Refusal,
)
from assets.parsing.layouts import claimants
from assets.parsing.partition import cuts, has_twins
from assets.parsing.placing import doubtful
from assets.parsing.placing.rows import Setting, is_blank, is_value
from assets.parsing.placing.tables import TableRows, place_tables, sort_rows
from assets.parsing.readers.bounds import Unreadable
from assets.parsing.refusals import looks_of, recognised
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
# A table outside the sections with more cells than this is no list of metadata.
MOST_AROUND = 60


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
    return _of_parts(document, name) if document.parts else parse_read(document, name)


def _of_parts(document: ReadDocument, name: str) -> ParsedDocument:
    """Parse documents that lie side by side in one file: all are reports, or the file is refused as a whole."""
    parsed = [parse_read(part, name) for part in document.parts]
    base = ParsedDocument(document.media, document.encoding, document.reader)
    reports = tuple(report for one in parsed for report in one.reports)
    text = tuple(block for one in parsed for block in one.refused_text)
    kinds = [one.refusal.kind if one.refusal else None for one in parsed]
    if any(kinds):
        found = "; ".join(f"file {number}: {kind or 'a report'}" for number, kind in enumerate(kinds, 1))
        same = kinds[0] if len(set(kinds)) == 1 else None
        return replace(base, refusal=Refusal(same or "mixed_archive", f"{name}: {found}"), refused_text=text)
    if has_twins(reports):
        return replace(base, refusal=Refusal("several_reports", f"{name}: one report in two files"))
    return replace(base, reports=reports, pictures=tuple(picture for one in parsed for picture in one.pictures))


def parse_read(document: ReadDocument, name: str) -> ParsedDocument:
    """Parse what a reader made of a document."""
    document = replace(document, pages=tuple(replace(page, blocks=unrolled(page.blocks)) for page in document.pages))
    base = ParsedDocument(document.media, document.encoding, document.reader)
    found = runs(regions(document.blocks))
    parsed = [_parse_run(run) for run in found]
    read = [any(_rows(table) for table in report.tables) for report in parsed]
    prose = (*_labelled(document.head), *(block for report in parsed for block in report.text))
    if sum(read) > 1:
        return _several(document, found, read) or replace(
            base, refusal=Refusal("several_reports", f"{name}: {sum(read)} sets of tables"), refused_text=prose
        )
    tables = parsed[read.index(True)].tables if any(read) else _headings_only(parsed)
    problem = _refusal(document, found, tables)
    if problem is not None:
        return replace(base, refusal=Refusal(problem, name), refused_text=prose)
    return replace(base, reports=(ParsedReport(tables, prose),), pictures=_pictures(document, tables))


def _pictures(document: ReadDocument, tables: Sequence[ParsedTable]) -> tuple[tuple[str, bytes], ...]:
    """Return the pictures of doubtful figures; those of labels and of other tables are of no use to a reviewer."""
    if not document.pictures:
        return ()
    shown = {placed.cell.place for table in tables for placed in table.cells if doubtful.is_doubtful(placed)}
    return tuple((place, png) for place, png in document.pictures if place in shown)


def _several(
    document: ReadDocument, found: Sequence[Sequence[Region]], read: Sequence[bool]
) -> ParsedDocument | None:
    """Take a document with several reports apart; None where a cut or one of the pieces is not certain."""
    blocks = document.blocks
    starts = cuts(blocks, found, read)
    if starts is None:
        return None
    reports: list[ParsedReport] = []
    pictures: list[tuple[str, bytes]] = []
    for first, last in zip((0, *starts), (*starts, len(blocks)), strict=True):
        piece = replace(document, pages=(Page(1, blocks[first:last]),), head=() if first else document.head)
        parsed = parse_read(piece, "")
        if len(parsed.reports) != 1:
            return None
        reports += parsed.reports
        pictures += parsed.pictures
    base = ParsedDocument(document.media, document.encoding, document.reader)
    return replace(base, reports=tuple(reports), pictures=tuple(pictures))


def _labelled(head: Sequence[Block]) -> tuple[Block, ...]:
    """The lines of a file's head that carry a label; a bare title may be the site's or last year's."""
    return tuple(block for block in head if ":" in block.text)


def _headings_only(parsed: Sequence[ParsedReport]) -> tuple[ParsedTable, ...]:
    """Without any table, the run that shows the most table headings speaks for the document."""

    def heads(result: ParsedReport) -> int:
        return sum(fact.fact == "table_heading" for table in result.tables for fact in table.observations)

    return max(parsed, key=heads).tables if parsed else ()


def _parse_run(run: Sequence[Region]) -> ParsedReport:
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
        prose += [
            line for index, block in enumerate(region.blocks) if index not in used
            for line in (_grid_lines(block, table) if block.grid else (block,))
        ]
    tables = tuple(_with_facts(table, facts) for table in place_tables(collected))
    deduplicated = refusing.is_deduplicated(block for region in run for block in region.blocks)
    tables = tuple(doubtful.noted(_with_kinds(table, run, deduplicated)) for table in tables)
    shown = tuple(block for block in prose if not is_blank(block.text))
    return ParsedReport(tables, shown)


def _grid_lines(block: Block, table: str | None) -> Iterable[Block]:
    """Return a small table around the sections (metadata, a footer) as lines, each value behind its label."""
    rows = () if table is not None else block.grid or ()
    for row in rows if sum(len(row.cells) for row in rows) <= MOST_AROUND else ():
        pieces: list[str] = []
        for cell in row.cells:
            text = " ".join(cell.text.split())
            if pieces and pieces[-1].endswith((":", "：")):
                pieces[-1] += text
            elif text:
                pieces.append(text)
        if pieces:
            yield Block(" | ".join(pieces), row.place)


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


def _with_kinds(table: ParsedTable, run: Sequence[Region], deduplicated: bool) -> ParsedTable:
    """Note by name what keeps a table from being read."""
    blocks = [block for region in run if region.section == table.code for block in region.blocks]
    return replace(table, observations=(*table.observations, *refusing.with_kinds(table, blocks, deduplicated)))


def _rows(table: ParsedTable) -> int:
    return next((int(fact.value) for fact in table.observations if fact.fact == "value_rows"), 0)


def _refusal(
    document: ReadDocument, found: Sequence[Sequence[Region]], tables: Sequence[ParsedTable]
) -> str | None:
    """Return the kind of refusal of a document that is no report, or None."""
    blocks = document.blocks
    has_tables = any(_rows(table) for table in tables)
    headings = max((len({r.section for r in run} & set(form.table_codes())) for run in found), default=0)
    titles = [block.text for block in document.head if ":" not in block.text]
    looks = looks_of(titles, [text for block in blocks for text in _texts(block)], headings)
    if _is_blank_form(blocks, tables):
        return recognised(looks, has_tables=False, kinds=("format_notice",)) or "blank_form"
    kind = recognised(looks, has_tables)
    if kind is not None or has_tables:
        return kind
    speaks = any(SUBJECT in block.text for block in blocks)
    return None if speaks and headings >= FEWEST_HEADINGS else "not_a_report"


def _texts(block: Block) -> Iterable[str]:
    if block.grid is None:
        return (block.text,)
    cells = (cell.text for row in block.grid for cell in row.cells if not is_value(cell.text))
    return (line for text in cells for line in text.split("\n"))


def _is_blank_form(blocks: Sequence[Block], tables: Sequence[ParsedTable]) -> bool:
    """A form without one digit in its tables that states no year either is the notice's form, not a report."""
    values = [placed.cell.text for table in tables for placed in table.cells if placed.cell_code]
    filled = any(character.isdigit() for text in values for character in text)
    if filled or not values:
        return False
    folded = ("".join(block.text.split()) for block in blocks)
    return not any(STATED_YEAR.search(text) for text in folded if len(text) <= LONGEST_TITLE or "1月1日" in text)
