"""Documents in a wrapping: a web page as one mail message (MHT), and a zip file that holds one document.

Belongs here: the wrapping. Does not: the documents inside (html.py, docx.py).
"""

from __future__ import annotations

from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import SMTP
from quopri import encodestring

from tests.typesetting.layouts.archive import zipped
from tests.typesetting.layouts.docx import docx
from tests.typesetting.layouts.html import html_word
from tests.typesetting.layouts.layout import Layout
from tests.typesetting.publication import Publication

DOT = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


def mht(publication: Publication) -> bytes:
    """Set what Word saves as a web page in one file; such files are often named .doc."""
    message = MIMEMultipart("related", boundary="----=_NextPart_01DB6A00.00000000", type="text/html")
    page = MIMENonMultipart("text", "html", charset="gb2312")
    page["Content-Transfer-Encoding"] = "quoted-printable"
    page["Content-Location"] = "file:///C:/report.htm"
    page.set_payload(encodestring(html_word(publication)).decode("ascii"))
    message.attach(page)
    message.attach(MIMEImage(DOT, "gif"))
    return message.as_bytes(policy=SMTP)


def zip_of_docx(publication: Publication) -> bytes:
    """Set a zip file with one DOCX file, and what a Mac adds to it."""
    return zipped({"2024年报/报告.docx": docx(publication), "__MACOSX/2024年报/._报告.docx": b"\0\5\x16\7"})


LAYOUTS = (Layout("mht", ".mht", mht), Layout("zip_of_docx", ".zip", zip_of_docx))
