"""Every layout by name: how a publication becomes the bytes of a file.

Belongs here: the list of layouts. Does not: how one is set (text.py, html.py, and one module per further format).
"""

from __future__ import annotations

from tests.typesetting.layouts import bar_text, html, text
from tests.typesetting.layouts.layout import Layout

LAYOUTS: dict[str, Layout] = {layout.name: layout for layout in (*text.LAYOUTS, *bar_text.LAYOUTS, *html.LAYOUTS)}

__all__ = ["LAYOUTS", "Layout"]
