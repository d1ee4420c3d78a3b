"""Every layout by name: how a publication becomes the bytes of a file.

Belongs here: the list of layouts. Does not: how one is set (a module per format or family of dialects).
"""

from __future__ import annotations

from tests.typesetting.layouts import (
    bar_text,
    destructive,
    doc,
    docx,
    html,
    ofd,
    packed,
    pdf,
    plain_text,
    scan,
    text,
    xls,
    xlsx,
)
from tests.typesetting.layouts.layout import Layout

MODULES = (text, bar_text, plain_text, html, docx, doc, xlsx, xls, ofd, packed, pdf, scan)
# The names of the layouts, by the module that sets them.
FAMILIES = {
    module.__name__.rpartition(".")[2]: [layout.name for layout in module.LAYOUTS] for module in (*MODULES, destructive)
}
LAYOUTS: dict[str, Layout] = {layout.name: layout for module in MODULES for layout in module.LAYOUTS}
# What destroys figures or labels: to be refused by name, never published.
DESTRUCTIVE: dict[str, Layout] = {layout.name: layout for layout in destructive.LAYOUTS}
# Whatever gongkai may be given.
EVERY_LAYOUT: dict[str, Layout] = {**LAYOUTS, **DESTRUCTIVE}

__all__ = ["DESTRUCTIVE", "EVERY_LAYOUT", "FAMILIES", "LAYOUTS", "Layout"]
