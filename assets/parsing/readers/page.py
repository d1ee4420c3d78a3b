"""A web page as a flat list of tokens: what lexbor made of the markup, cut by one pattern.

Belongs here: parsing within bounds, tokens, what hides text, what is parked in a page, the labelled lines of its head.
Does not: paragraphs, cells, grids (html.py).
selectolax (lexbor, MIT) completed 20 of 22 malformed pages where lxml completed 13 (formats.md, 2). Its tree is written
out again and cut by a pattern: one pass over text takes a third of the time of asking every node by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from assets.parsing.document import Block
from assets.parsing.readers.bounds import Unreadable

# (slash, tag, attributes, text): a start tag or an end tag, and the text up to the next tag.
Token = tuple[str, str, str, str]

# Nothing is ever given back (`*+`): what follows a piece cannot begin with a character of it.
ATTRIBUTES = r"""[^>"]*+(?:"[^"]*"[^>"]*+)*+"""
# What lexbor writes: every attribute in double quotes, < and > in text and attributes as entities, all tags closed.
TOKEN = re.compile(rf"<(/?)([a-zA-Z][^\s/>]*+)({ATTRIBUTES})>([^<]*+)")
COMMENT = re.compile(r"<!--.*?-->", re.S)
# The text of these is written without entities, so that it could look like tags.
RAW_ELEMENT = re.compile(
    rf"<(script|style|iframe|xmp|noembed|noframes|plaintext)\b({ATTRIBUTES})>(.*?)(?:</\1>|\Z)", re.S
)
PARKED_ELEMENT = re.compile(rf"<(textarea|noscript|template)\b({ATTRIBUTES})>(.*?)</\1>", re.S)
PARKED_SCRIPT = re.compile(r'type="text/(?:html|template|x-template)"', re.I)
# Runs of one text: they neither break it nor stand in a place.
INLINE = (
    "span|font|b|strong|i|em|u|a|o:p|small|big|label|tt|code|nobr|bdo|bdi|wbr|abbr|mark|time|var|cite|kbd|samp"
)
RUN_TAG = re.compile(rf"</?(?:{INLINE}|st1:[a-z]+)(?=[\s>]){ATTRIBUTES}>")
# A style that ends here, or at the end of the attribute.
END = r'\s*(?:!important\s*)?(?:;|"|$)'
GONE = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.I)
UNSEEN = re.compile(
    rf"visibility\s*:\s*hidden|(?<![\w-])font-size\s*:\s*0(?:\.0+)?(?:px|pt|em|%)?{END}"
    rf"|(?<![\w-])opacity\s*:\s*0(?:\.0+)?{END}",
    re.I,
)
HIDDEN_ATTRIBUTE = re.compile(r'\shidden(?:="[^"]*")?(?=\s|$)')
STRUCK = re.compile(r'text-decoration[\w-]*\s*:[^;"]*line-through|vertical-align\s*:\s*(?:super|sub)\b', re.I)
# A class that a style sheet hides, on some screen or another: nobody knows whether its text is seen.
HIDING_RULE = re.compile(r"\.([\w-]+)[^{}]{0,80}\{[^{}]*display\s*:\s*none", re.I)
CLASSES = re.compile(r'\sclass="([^"]*)"')
DISPLAY = re.compile(r"(?<![\w-])display\s*:\s*(?:inline-)?(table-row|table-cell|table)(?![\w-])", re.I)
AS_TABLE = {"table": "table", "table-row": "tr", "table-cell": "td"}
META = re.compile(rf"<meta\s({ATTRIBUTES})>")
META_NAME = re.compile(r'\bname="([^"]*)"', re.I)
META_CONTENT = re.compile(r'\bcontent="([^"]*)"', re.I)
# Names that 政府网站发展指引 asks for and that say something of a report.
META_KEPT = frozenset({"siteidcode", "pubdate", "contentsource", "sitename"})
TITLE = re.compile(r"<title>(.*?)</title>", re.S)
# lexbor takes time that grows with the square of these: (tags, how deep they may be nested or left open).
MOST_DEEP = (
    (("div", "section", "article", "ul", "ol", "dl", "form"), 10_000),
    (("b", "i", "u", "a", "font", "em", "strong", "small", "big", "s", "code", "tt", "nobr"), 1_000),
)
FEWEST_DEEP = min(most for _, most in MOST_DEEP)
# Without one of these words nothing on a page is hidden, struck out or raised; looking for words is quick.
MARKS = ("none", "hidden", "mso-hide:all", "mso-hide: all", "opacity", "line-through", "vertical-align")
NO_SIZE = re.compile(r"font-size\s*:\s*0")


@dataclass(frozen=True)
class Tokens:
    """The tokens of a body; `marked` tells whether any text may be hidden, struck out or raised."""

    of: Sequence[Token]
    marked: bool


def markup_of(decoded: str) -> tuple[str, str]:
    """Return the (body, head) of a page, written out well-formed.

    Raises:
        Unreadable: too_large, where elements are nested or left open so deep that parsing would not end.
    """
    # Nothing can be nested deeper than there are start tags: on nearly every page two counts are enough.
    if decoded.count("<") - decoded.count("</") > FEWEST_DEEP:
        _check_depth(decoded.lower())
    parser = LexborHTMLParser(decoded)
    body, head = parser.body, parser.head
    return (body.html or "") if body is not None else "", (head.html or "") if head is not None else ""


def _check_depth(lowered: str) -> None:
    for tags, most in MOST_DEEP:
        if sum(lowered.count(f"<{tag}") for tag in tags) <= most:
            continue
        depth = deepest = 0
        for match in re.finditer(rf"<(/?)(?:{'|'.join(tags)})(?=[\s>/])", lowered):
            depth = max(0, depth - 1) if match[1] else depth + 1
            deepest = max(deepest, depth)
        if deepest > most:
            raise Unreadable("too_large", f"elements nested or left open {deepest:,} deep, at most {most:,}")


def head_lines(head: str) -> tuple[Block, ...]:
    """Return a page's title as it stands, and the labelled lines of its head as `name: content`, with their places."""
    lines = []
    title = TITLE.search(head)
    if title and title[1].strip():
        lines.append(Block(" ".join(unescape(title[1]).split()), "/html/head/title"))
    for number, match in enumerate(META.finditer(head), 1):
        name, content = META_NAME.search(match[1]), META_CONTENT.search(match[1])
        if name and content and name[1].lower() in META_KEPT and content[1].strip():
            lines.append(Block(f"{name[1]}: {unescape(content[1]).strip()}", f"/html/head/meta[{number}]"))
    return tuple(lines)


def parked_in(markup: str) -> tuple[str, ...]:
    """Return the markup that a body keeps in places that browsers do not show as they stand."""
    found = [
        match[3] for match in RAW_ELEMENT.finditer(markup)
        if match[1] in ("xmp", "plaintext") or (match[1] == "script" and PARKED_SCRIPT.search(match[2]))
    ]
    rest = RAW_ELEMENT.sub("", markup)
    found += [
        unescape(match[3]) if match[1] == "textarea" else match[3] for match in PARKED_ELEMENT.finditer(rest)
    ]
    return tuple(piece for piece in found if "<" in piece)


def hiding_classes(decoded: str) -> frozenset[str]:
    """Return the classes that the page's own style sheets hide."""
    if "<style" not in decoded or "none" not in decoded:
        return frozenset()
    return frozenset(name for match in RAW_ELEMENT.finditer(decoded) if match[1] == "style"
                     for name in HIDING_RULE.findall(match[3]))


def tokens_of(markup: str, uncertain: frozenset[str]) -> Tokens:
    """Return the tokens of a body; those of runs are left out where none of them can be hidden."""
    if "<!--" in markup:
        markup = COMMENT.sub("", markup)
    markup = RAW_ELEMENT.sub("", markup)
    lowered = markup.lower()
    marked = bool(uncertain) or any(word in lowered for word in MARKS) or NO_SIZE.search(lowered) is not None
    if not marked:
        markup = RUN_TAG.sub("", markup)
    tokens: list[Token] = TOKEN.findall(markup)
    return Tokens(list(_renamed(tokens)) if "table-cell" in lowered else tokens, marked)


def is_gone(attributes: str) -> bool:
    """Tell whether an element takes no room at all: it, and everything in it, is not on the page."""
    if " hidden" in attributes and HIDDEN_ATTRIBUTE.search(attributes) is not None:
        return True
    return GONE.search(attributes) is not None


def is_unseen(attributes: str) -> bool:
    """Tell whether an element's text is not seen although it takes room."""
    return UNSEEN.search(attributes) is not None


def is_struck(attributes: str) -> bool:
    """Tell whether an element's text is struck out, raised or lowered: printed, but no part of the figure beside it."""
    return STRUCK.search(attributes) is not None


def in_classes(attributes: str, classes: frozenset[str]) -> bool:
    """Tell whether an element is of one of the classes."""
    match = CLASSES.search(attributes)
    return match is not None and not classes.isdisjoint(match[1].split())


def end_of(tokens: Sequence[Token], start: int) -> int:
    """Return the index of the end tag of the element that starts at an index; the number of tokens where none is."""
    tag, depth = tokens[start][1], 0
    for index in range(start, len(tokens)):
        if tokens[index][1] == tag:
            depth += -1 if tokens[index][0] else 1
            if depth == 0:
                return index
    return len(tokens)


def _renamed(tokens: Sequence[Token]) -> Iterator[Token]:
    """Give elements that are displayed as table, row or cell the tags of a table: that is what is seen."""
    names: dict[str, list[str]] = {}
    for slash, tag, attributes, text in tokens:
        if tag not in ("div", "ul", "ol", "li", "p", "span", "dl", "dt", "dd", "section"):
            yield slash, tag, attributes, text
            continue
        stack = names.setdefault(tag, [])
        if slash:
            yield slash, stack.pop() if stack else tag, attributes, text
            continue
        display = DISPLAY.search(attributes)
        stack.append(AS_TABLE[display[1].lower()] if display else tag)
        yield slash, stack[-1], attributes, text
