"""Every layout by name: how a publication becomes the bytes of a file.

Belongs here: the list of layouts. Does not: how one is set (text.py, html.py, and one module per further format).
"""

from __future__ import annotations

from tests.typesetting.layouts import html, pdf, scan, text
from tests.typesetting.layouts.layout import Layout

LAYOUTS: dict[str, Layout] = {
    layout.name: layout for layout in (*text.LAYOUTS, *html.LAYOUTS, *pdf.LAYOUTS, *scan.LAYOUTS)
}

__all__ = ["LAYOUTS", "Layout"]
