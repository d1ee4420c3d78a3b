"""What an author forgot to change or to fill in: last year's year, XX in place of a name.

Belongs here: finding such places in the prose. Does not: the verdict (rule D06).
"""

from __future__ import annotations

import re

from assets.normalizing import dating
from assets.normalizing.prose import Prose

# 2023年度, 2023年以来, 2023年,我局: a year as the subject of what is reported; 较2023年 and 2023年印发的 are not.
SUBJECT_YEAR = re.compile(r"(?:^|[。;,])(20\d\d)年(?:度|以来|,(?:我|全|本|县|市|区|镇|街道))")
UNFILLED = re.compile(r"[XxＸ×]{2,}(?=[一-鿿])|(?<=[一-鿿])[×]{1,}(?=[一-鿿])|20[xX×]{2}年")


def stale_years(prose: Prose) -> list[str]:
    """Return earlier years that stand as the subject of a sentence, where title and period agree on the report year."""
    stated = [evidence.value for evidence, _ in dating.titles(prose)]
    stated += [evidence.value for evidence, *_ in dating.periods(prose)]
    year = dating.one_of(stated)
    if year is None:
        return []
    found = (match[1] for paragraph in prose.paragraphs for match in SUBJECT_YEAR.finditer(paragraph.folded))
    return sorted({one for one in found if one < year})


def unfilled(prose: Prose) -> list[str]:
    """Return what stands where a name or a number was to be filled in."""
    found = (match[0] for paragraph in prose.paragraphs for match in UNFILLED.finditer(paragraph.folded))
    return sorted(set(found))
