"""Which reports' texts are alike: candidates by signature, then the exact ratio of the texts themselves.

Belongs here: comparing sections 1 and 5 with last year's and with those of other organs. Does not: signatures
(assets/normalizing/likeness.py), from which likeness on a rule breaks (identities/).

The exact ratio is the share of characters that two texts have in common in order (Indel, 1 = the same). It is computed
for candidates only: of other organs those that share a band of the signature, at most CLOSEST for a report. Texts nine
tenths alike are nearly always found where the differences stand together, less often where they are strewn over the
whole text: then nothing is flagged, and nothing is ever flagged without the exact ratio.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz.distance import Indel

from assets.normalizing.likeness import SECTIONS, SIZE

ID, OTHER = "report_version_id", "other_id"
BAND = 5
CANDIDATE = 0.4
CLOSEST = 3
# Below this ratio it is only known that the texts are less alike.
EXACT_FROM = 0.8
CHUNK = 200_000
Numbers = npt.NDArray[np.int64]


def characters(texts: pl.LazyFrame) -> pl.DataFrame:
    """Return report_version_id, characters of the reports in which all of SECTIONS were found."""
    return _whole(texts).select(ID, "characters").collect()


def likeness_of_pairs(texts: pl.LazyFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return report_version_id, other_id, ratio of those pairs that are at least EXACT_FROM alike."""
    ids, signatures = _signatures(texts, pl.concat([pairs[ID], pairs[OTHER]]))
    numbers = _numbers(ids)
    both = pairs.select(ID, OTHER).join(numbers, on=ID).join(numbers.rename({ID: OTHER, "n": "m"}), on=OTHER)
    first, second = both["n"].to_numpy(), both["m"].to_numpy()
    close = both.filter(pl.Series(_agreement(signatures, first, second) >= CANDIDATE, dtype=pl.Boolean))
    return _exact(texts, close.select(ID, OTHER))


def likeness_of_others(texts: pl.LazyFrame, organs: pl.DataFrame) -> pl.DataFrame:
    """Return report_version_id, other_id, ratio: for each report that other organ's whose text is most alike.

    Args:
        texts: the lake's SECTION_TEXTS.
        organs: report_version_id and organ of the reports of one year; those without an organ are compared with none.
    """
    named = organs.drop_nulls("organ")
    ids, signatures = _signatures(texts, named[ID])
    codes = _numbers(ids).join(named, on=ID, how="left", maintain_order="left")["organ"].rank("dense").to_numpy()
    first, second = _colliding(signatures, codes)
    agreement = _agreement(signatures, first, second)
    near = pl.DataFrame({"n": first, "m": second, "agreement": agreement}).filter(pl.col("agreement") >= CANDIDATE)
    mirrored = near.select(pl.col("m").alias("n"), pl.col("n").alias("m"), "agreement")
    ranked = pl.concat([near, mirrored]).sort("agreement", "m", descending=[True, False])
    closest = ranked.group_by("n", maintain_order=True).head(CLOSEST)
    named_pairs = closest.select(ids.gather(closest["n"]).alias(ID), ids.gather(closest["m"]).alias(OTHER))
    return _exact(texts, named_pairs).sort("ratio", OTHER, descending=[True, False]).unique(ID, keep="first")


def _whole(texts: pl.LazyFrame) -> pl.LazyFrame:
    """One row per report that has all sections."""
    found = texts.filter(pl.col("section").is_in(SECTIONS)).group_by(ID).agg(
        pl.len().alias("sections"), pl.col("characters").sum()
    )
    return found.filter(pl.col("sections") == len(SECTIONS))


def _signatures(texts: pl.LazyFrame, ids: pl.Series) -> tuple[pl.Series, npt.NDArray[np.uint32]]:
    """The signatures of whole reports: at each place the least of their sections', as if they were one text."""
    wanted = pl.LazyFrame({ID: ids.unique()})
    rows = texts.join(wanted, on=ID, how="semi").join(_whole(texts), on=ID, how="semi").filter(
        pl.col("section").is_in(SECTIONS)
    ).select(ID, "section", "signature").sort(ID, "section").collect()
    joined = b"".join(rows["signature"])
    stacked = np.frombuffer(joined, dtype="<u4").reshape(-1, len(SECTIONS), SIZE)
    return rows[ID].gather_every(len(SECTIONS)), stacked.min(axis=1).astype(np.uint32)


def _numbers(ids: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({ID: ids, "n": np.arange(len(ids), dtype=np.int64)}, schema={ID: pl.String, "n": pl.Int64})


def _agreement(signatures: npt.NDArray[np.uint32], first: Numbers, second: Numbers) -> npt.NDArray[np.float64]:
    """The share of places in which the signatures of pairs agree."""
    parts = [
        (signatures[first[start : start + CHUNK]] == signatures[second[start : start + CHUNK]]).mean(axis=1)
        for start in range(0, len(first), CHUNK)
    ]
    return np.concatenate([np.zeros(0), *parts])


def _colliding(signatures: npt.NDArray[np.uint32], organs: Numbers) -> tuple[Numbers, Numbers]:
    """Pairs of reports of different organs that share a band of the signature, each once.

    Of those that share a band each is paired with the one before it and with the first, not with all: a thousand towns
    with one template make two thousand pairs, not half a million.
    """
    total = len(signatures)
    found = [np.zeros(0, dtype=np.int64)]
    for band in range(0, SIZE, BAND):
        for first, second in _in_band(signatures[:, band : band + BAND]):
            differ = organs[first] != organs[second]
            low, high = np.minimum(first, second)[differ], np.maximum(first, second)[differ]
            found.append(low * total + high)
    pairs = np.unique(np.concatenate(found))
    return pairs // max(total, 1), pairs % max(total, 1)


def _in_band(band: npt.NDArray[np.uint32]) -> Iterator[tuple[Numbers, Numbers]]:
    order = np.lexsort(band.T)
    same = np.zeros(len(order), dtype=bool)
    same[1:] = (band[order[1:]] == band[order[:-1]]).all(axis=1)
    starts = np.maximum.accumulate(np.where(same, 0, np.arange(len(order))))
    at = np.flatnonzero(same)
    yield order[at], order[at - 1]
    yield order[at], order[starts[at]]


def _exact(texts: pl.LazyFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    wanted = pl.LazyFrame({ID: pl.concat([pairs[ID], pairs[OTHER]]).unique()})
    read = texts.join(wanted, on=ID, how="semi").filter(pl.col("section").is_in(SECTIONS)).sort(ID, "section")
    words = dict(read.group_by(ID).agg(pl.col("text").str.join("\n")).select(ID, "text").collect().iter_rows())
    known: dict[tuple[str, str], float] = {}
    for one, other in pairs.iter_rows():
        pair = (min(one, other), max(one, other))
        if pair not in known:
            known[pair] = Indel.normalized_similarity(words[one], words[other], score_cutoff=EXACT_FROM)
    ratios = [known[min(one, other), max(one, other)] for one, other in pairs.iter_rows()]
    return pairs.with_columns(pl.Series("ratio", ratios, dtype=pl.Float64)).filter(pl.col("ratio") > 0)
