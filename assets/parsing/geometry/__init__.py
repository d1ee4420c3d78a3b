"""Geometry: from ruling lines and placed characters to tables, for every format that knows only places.

Belongs here: the engine that PDF, OFD and pictures share. Pure functions of shapes; no file format, no labels, no
numbers. Does not: opening files (assets/parsing/readers), understanding tables (assets/parsing/placing).

How a reader uses it, page by page and then once for the document:

    lattices = [lattice.grids(rules, characters, page=number) for number, rules, characters in …]
    pages = stitching.stitch(lattices)          # tuple[document.Page, ...]: tables over page breaks joined

Coordinates are those of the page as it is read: origin top left, y downwards, in pt; pictures give `unit="px"` and
`scale` = pixels per pt (resolution / 72), so that the same thresholds hold.
A reader that needs the boxes of the cells before it has any text (OCR, cell by cell) calls `lattice.tables(rules)`
first, recognises, and hands over one `Character` per recognised line, whose text may be longer than one character.

    shapes.py        Rule, Character, Region
    lattice.py       rules and characters of one page to grids and text lines
    text_columns.py  tables without rules: rows of figures that stand in columns
    lines.py         characters to lines of text
    paragraphs.py    lines to paragraphs
    printed.py       what stands on a page: lines, tables of cells
    stitching.py     tables over page breaks
"""
