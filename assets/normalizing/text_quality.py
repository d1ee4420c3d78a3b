"""How damaged a report's text is: the share of characters that no author typed.

Belongs here: counting. Does not: the limit (rule D08).
"""

from __future__ import annotations

import re

# Private use, replacement characters, and pinyin glosses that hijacked mirrors inject: 公(gong)開.
DAMAGE = re.compile(r"[\ue000-\uf8ff\ufffd]|(?<=[一-鿿])[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}[)）](?=[一-鿿])")


def mojibake_share(text: str) -> float:
    """Return damaged places divided by characters, 0 for an empty text."""
    return len(DAMAGE.findall(text)) / len(text) if text else 0.0
