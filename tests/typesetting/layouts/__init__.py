"""Every layout by name: how a publication becomes the bytes of a file.

Belongs here: the list of layouts. Does not: how one is set (text.py, html.py, and one module per further format).
"""

from __future__ import annotations

from tests.typesetting.layouts import doc, docx, html, ofd, packed, pdf, scan, text, xls, xlsx
from tests.typesetting.layouts.layout import Layout

MODULES = (text, html, docx, doc, xlsx, xls, ofd, packed, pdf, scan)
LAYOUTS: dict[str, Layout] = {layout.name: layout for module in MODULES for layout in module.LAYOUTS}

__all__ = ["LAYOUTS", "Layout"]
