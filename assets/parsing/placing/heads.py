"""Words of rows that a layout could not part: heads from lines, lines that show no figure, labels torn in pieces.

Belongs here: which leading words of a row are heads, headings of groups, or labels of lines of their own.
Does not: comparing heads with the form (common), which figure belongs where (rows, reconstruction).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from assets.form import cells as form
from assets.parsing.document import PrintedCell, PrintedRow
from assets.parsing.placing import labels
from assets.parsing.placing.rows import Setting, SplitRow, is_blank

# A head or a label is torn into so many pieces at most.
MOST_HEAD_PIECES = 3
MOST_LABEL_PIECES = 4
# A word of so few characters heads a column in one place and names a line in another (其他, 总计).
SHORT_WORD = 2


@cache
def head_words(table: str) -> frozenset[str]:
    """Return every normalised word of a table's head: columns, group headings, block headings."""
    columns = [column for edition in form.editions() for column in edition.table(table).columns]
    words = {labels.normal(text) for column in columns for text in (column.zh, *column.variants)}
    groups = form.vocabulary()["groups"][table]
    words |= {labels.normal(text) for name, text in groups.items() if name != "outcomes"}
    words |= {labels.normal(h) for edition in form.editions() for h in edition.table(table).block_headings}
    if table == form.REMEDIES:
        words |= {labels.normal(line.zh) for line in form.all_lines(table)}
    return frozenset(words)


def parted(rows: Iterable[SplitRow], table: str, setting: Setting) -> list[SplitRow]:
    """Part rows that hold the words of several: heads, lines without a figure, and the line that the figures are of.

    Args:
        rows: the table's rows.
        table: code of the table.
        setting: of its layout; where rows are marked, only table 4's heads can be in the way.
    """
    found: list[SplitRow] = []
    for row in rows:
        if table == form.REMEDIES:
            found += _forum_rows(row, setting)
        elif setting.unmarked and len(row.labels) > 1:
            found += _line_rows(row, table)
        else:
            found.append(row)
    return found


def _forum_rows(row: SplitRow, setting: Setting) -> list[SplitRow]:
    """Part table 4's row of figures from the heads before it; blanks in front of it may be the heads' padding."""
    if not row.labels or not row.figures:
        return [_joined(row, form.REMEDIES)] if setting.unmarked else [row]
    cells = row.row.cells
    head = SplitRow(row.row._replace(cells=cells[: row.label_end], pads=0), row.labels, row.label_end)
    start = row.label_end
    if setting.row_marks and is_blank(cells[start].text):
        start += 1
    while not setting.exact and is_blank(cells[start].text):
        start += 1
    return [_joined(head, form.REMEDIES), SplitRow(row.row._replace(cells=cells[start:]), (), 0)]


@dataclass(frozen=True)
class _Words:
    """Neighbouring words of a row that belong together: cells `start` to `end`, blank ones after them included."""

    kind: str
    text: str
    start: int
    end: int


def _line_rows(row: SplitRow, table: str) -> list[SplitRow]:
    """Part the labels of a row: runs of heads, and each line's label with the blank cells after it."""
    pieces = _with_kinds(_pieces(row, table), table)
    parts: list[SplitRow] = []
    heads: list[_Words] = []
    end = 0
    for number, piece in enumerate(pieces):
        if piece.kind == "head":
            heads.append(piece)
            end = piece.end
            continue
        parts += [_head_row(row, block) for block in _blocks(heads)]
        heads = []
        if number + 1 < len(pieces) and piece.kind == "line" and not _is_group(piece, pieces[number + 1], table):
            parts.append(_blank_line(row, piece))
            end = piece.end
    parts += [_head_row(row, block) for block in _blocks(heads)]
    return parts if end >= len(row.row.cells) else [*parts, _last_line(row, end, pieces)]


def _last_line(row: SplitRow, start: int, pieces: Sequence[_Words]) -> SplitRow:
    own = [piece for piece in pieces if piece.start >= start]
    cells = row.row.cells[start:]
    texts = tuple(piece.text for piece in own)
    return SplitRow(row.row._replace(cells=cells), texts, row.label_end - start, roomy=row.figures == 0)


def _blank_line(row: SplitRow, piece: _Words) -> SplitRow:
    cells = row.row.cells[piece.start : piece.end]
    end = next(i + 1 for i in range(len(cells) - 1, -1, -1) if not is_blank(cells[i].text))
    return SplitRow(PrintedRow(cells, cells[0].place), (piece.text,), end, roomy=True)


def _blocks(heads: Sequence[_Words]) -> list[list[_Words]]:
    """Part the heads of table 2 before every 第二十条; those of table 3 are one block."""
    blocks: list[list[_Words]] = [[]]
    for piece in heads:
        if labels.normal(piece.text).startswith("第二十条"):
            blocks += [[piece], []]
        else:
            blocks[-1].append(piece)
    return [block for block in blocks if block]


def _head_row(row: SplitRow, block: Sequence[_Words]) -> SplitRow:
    place = row.row.cells[block[0].start].place
    cells = tuple(PrintedCell(piece.text, row.row.cells[piece.start].place) for piece in block)
    return SplitRow(PrintedRow(cells, place), tuple(piece.text for piece in block), len(cells))


def _joined(row: SplitRow, table: str) -> SplitRow:
    texts = rejoined([cell.text for cell in row.row.cells], table)
    if len(texts) == len(row.row.cells):
        return row
    cells = tuple(PrintedCell(text, row.row.place) for text in texts)
    return SplitRow(row.row._replace(cells=cells), tuple(text for text in texts if not is_blank(text)), len(cells))


def _pieces(row: SplitRow, table: str) -> list[_Words]:
    """Cut the words of a row into heads, labels and others; the longest join that is a word of the form wins."""
    texts = [cell.text for cell in row.row.cells[: row.label_end]]
    found: list[_Words] = []
    index = 0
    while index < len(texts):
        if is_blank(texts[index]):
            index += 1
            continue
        kind, size = _kind(texts, index, table)
        end = index + max(size, _in_brackets(texts[index : index + MOST_LABEL_PIECES]))
        following = next((i for i in range(end, len(texts)) if not is_blank(texts[i])), row.label_end)
        found.append(_Words(kind, "".join(texts[index:end]), index, following))
        index = following
    return found


def _in_brackets(texts: Sequence[str]) -> int:
    """Return how many words, from the first one on, a bracket that opens in the first one takes in; 1 without one."""
    depth = 0
    for number, text in enumerate(texts, 1):
        depth += sum(text.count(mark) for mark in "(（") - sum(text.count(mark) for mark in ")）")
        if depth <= 0:
            return number
    return 1


def _kind(texts: Sequence[str], index: int, table: str) -> tuple[str, int]:
    best = ("other", 1, 0.0)
    together = next((i for i in range(index, len(texts)) if is_blank(texts[i])), len(texts)) - index
    for size in range(min(MOST_LABEL_PIECES, together), 0, -1):
        text = "".join(texts[index : index + size])
        is_head = size <= MOST_HEAD_PIECES and labels.normal(text) in head_words(table)
        if is_head and best[2] < 1.0:
            best = ("head", size, 1.0)
        score = _line_score(text, table)
        without_first = _line_score("".join(texts[index + 1 : index + size]), table)
        if score >= labels.THRESHOLD and score > max(best[2], without_first):
            best = ("line", size, score)
    return best[0], best[1]


@lru_cache(maxsize=16384)
def _line_score(text: str, table: str) -> float:
    return max(labels.score(text, (line.zh, *line.variants)) for line in form.all_lines(table))


def _with_kinds(pieces: list[_Words], table: str) -> list[_Words]:
    """Settle what is head: words up to the last long head word that name no line, and the short ones right after it."""
    words = head_words(table)
    long = [i for i, p in enumerate(pieces) if p.kind == "head" and len(labels.normal(p.text)) > SHORT_WORD]
    last = long[-1] if long else -1
    while long and last + 1 < len(pieces) - 1 and labels.normal(pieces[last + 1].text) in words:
        last += 1
    kinds = ("head" if i <= last and p.kind != "line" else _without_head(p, table) for i, p in enumerate(pieces))
    return [_Words(kind, p.text, p.start, p.end) for kind, p in zip(kinds, pieces, strict=True)]


def _without_head(piece: _Words, table: str) -> str:
    return "line" if _line_score(piece.text, table) >= labels.THRESHOLD else "other"


def _is_group(piece: _Words, following: _Words, table: str) -> bool:
    """Tell whether a label that is a line in one edition heads the lines after it in another (其他处理)."""
    lines = form.all_lines(table)
    meant = max(lines, key=lambda line: labels.score(piece.text, (line.zh, *line.variants)))
    after = max(lines, key=lambda line: labels.score(following.text, (line.zh, *line.variants)))
    return after.parent == meant.code


def rejoined(texts: Sequence[str], table: str) -> list[str]:
    """Join neighbouring pieces that together are one head word (商业 + 企业)."""
    words = head_words(table)
    joined: list[str] = []
    index = 0
    while index < len(texts):
        sizes = range(min(MOST_HEAD_PIECES, len(texts) - index), 1, -1)
        whole = (n for n in sizes if labels.normal("".join(texts[index : index + n])) in words)
        size = next(whole, 1)
        joined.append("".join(texts[index : index + size]))
        index += size
    return joined


def stacked(rows: Sequence[SplitRow], table: str) -> list[SplitRow]:
    """Join head rows that lie one upon the other, column by column, where that gives words of the head."""
    words = head_words(table)
    found: list[SplitRow] = []
    for row in rows:
        above = found[-1] if found else None
        if above is not None and not above.figures and not row.figures and _lie_upon(above, row, words):
            pairs = zip(above.row.cells, row.row.cells, strict=True)
            cells = tuple(upper._replace(text=upper.text + lower.text) for upper, lower in pairs)
            found[-1] = SplitRow(above.row._replace(cells=cells), tuple(c.text for c in cells if c.text), len(cells))
        else:
            found.append(row)
    return found


def _lie_upon(above: SplitRow, below: SplitRow, words: frozenset[str]) -> bool:
    """Two or more columns give a word of the head only when joined, and no column has a word of its own below."""
    if len(above.row.cells) != len(below.row.cells):
        return False
    pairs = [(labels.normal(a.text), labels.normal(b.text)) for a, b in
             zip(above.row.cells, below.row.cells, strict=True)]
    made = sum(a + b in words and a not in words and bool(b) for a, b in pairs)
    return made > 1 and all(not b or a + b in words for a, b in pairs)
