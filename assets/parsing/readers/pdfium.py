"""The functions of pdfium that are called for every character, object and segment of a page, with plain addresses.

Belongs here: their declarations, and where pdfium writes its answers. Does not: calling them, which pdf.py does.

pypdfium2 declares the handles of pdfium as pointers to structures. For each that is passed or returned ctypes makes
and checks an object, which takes longer than what pdfium does: a page costs thousands of calls, and reading it cost
three times what pdfium itself needs. Here the same functions, at the same places in memory, are declared once more
with every pointer as a plain integer, its address (0 and None are pdfium's null). What pypdfium2 declares otherwise
is taken from it, so that no signature is written down twice. ctypes checks the number of arguments and that they are
integers, no longer what they point at: only `address` of an open handle, what these functions return, and the
`…_AT` below may be passed. Whoever passes an address keeps alive what lives there.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable
from functools import partial
from typing import Any

from pypdfium2 import raw  # type: ignore[import-untyped]


def address(handle: Any) -> int:
    """Return where a handle of pypdfium2's (the `raw` of a page or text page) points; it must be open."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _plain(declared: Any) -> Callable[..., Any]:
    """Return a function of pypdfium2's with addresses in place of pointers."""
    kinds = [ctypes.c_void_p if hasattr(kind, "contents") else kind for kind in (declared.restype, *declared.argtypes)]
    return ctypes.PYFUNCTYPE(*kinds)(address(declared))


character_code = _plain(raw.FPDFText_GetUnicode)
character_box = _plain(raw.FPDFText_GetLooseCharBox)
character_angle = _plain(raw.FPDFText_GetCharAngle)
character_object = _plain(raw.FPDFText_GetTextObject)
page_object = _plain(raw.FPDFPage_GetObject)
form_object = _plain(raw.FPDFFormObj_GetObject)
form_objects = _plain(raw.FPDFFormObj_CountObjects)
object_kind = _plain(raw.FPDFPageObj_GetType)
object_matrix = _plain(raw.FPDFPageObj_GetMatrix)
object_bounds = _plain(raw.FPDFPageObj_GetBounds)
stroke_colour = _plain(raw.FPDFPageObj_GetStrokeColor)
stroke_width = _plain(raw.FPDFPageObj_GetStrokeWidth)
fill_colour = _plain(raw.FPDFPageObj_GetFillColor)
text_mode = _plain(raw.FPDFTextObj_GetTextRenderMode)
draw_mode = _plain(raw.FPDFPath_GetDrawMode)
path_segments = _plain(raw.FPDFPath_CountSegments)
path_segment = _plain(raw.FPDFPath_GetPathSegment)
segment_point = _plain(raw.FPDFPathSegment_GetPoint)
segment_kind = _plain(raw.FPDFPathSegment_GetType)
segment_closes = _plain(raw.FPDFPathSegment_GetClose)

# Where pdfium writes its answers: made once, for pages hold thousands of objects, so only one thread may read at a
# time. `…_AT` is the address to pass, or one for each number; `read_…()` gives the numbers that were written there.


def _room(numbers: str) -> tuple[tuple[int, ...], Callable[[], tuple[Any, ...]]]:
    """Return the address of each of some numbers (`4f`: four of C's float), and the function that reads them all."""
    layout = struct.Struct(numbers)
    room = ctypes.create_string_buffer(layout.size)
    start, one = ctypes.addressof(room), layout.size // int(numbers[:-1])
    return tuple(range(start, start + layout.size, one)), partial(layout.unpack_from, room)


# Structures are passed by the address of their first number: FS_RECTF is left, top, right, bottom.
(BOX_AT, *_), read_box = _room("4f")
(MATRIX_AT, *_), read_matrix = _room("6f")
(WIDTH_AT,), read_width = _room("1f")
BOUNDS_AT, read_bounds = _room("4f")
POINT_AT, read_point = _room("2f")
COLOUR_AT, read_colour = _room("4I")
MODE_AT, read_mode = _room("2i")
