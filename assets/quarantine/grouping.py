"""Tables that are held back for the same thing in the same way: a hundred pages of one site template are one group.

Belongs here: what makes two tables alike, and the groups that follow. Pure: frames in, frames out.
Does not: the reasons themselves (expectations/gate.py), showing groups (orchestration/).
"""

from __future__ import annotations

import hashlib

import polars as pl

from assets.quarantine.verdicts import reasons, verdict_words
from expectations.wording import LANGUAGES

ID = "report_version_id"
KEY = [ID, "table_code"]
SAMPLES = 3
UNKNOWN_LAYOUT = "—"
SENTENCE = {
    "zh": "{} 张表情形相同：{}（版式 {}；{}）",
    "en": "{} table(s) alike: {} (layout {}; {})",
}
GROUPS = {
    "signature": pl.String(), "table_code": pl.String(), "layout": pl.String(), "count": pl.Int64(),
    "samples": pl.List(pl.String()), "sentence_zh": pl.String(), "sentence_en": pl.String(),
}


def signatures(held: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """Return what makes each held table like others: its rules and places, its layout, what its reading lacked.

    Args:
        held: the tables held back, with `reasons` (rule and scope).
        observations: the lake's OBSERVATIONS of these reports.

    Returns:
        report_version_id, table_code, layout (None where none is known), signature (12 hex digits; no number is in it).
    """
    own = observations.join(held.select(KEY), on=KEY, how="semi")
    layouts = own.filter(fact="layout").sort("value").group_by(KEY).agg(pl.col("value").first().alias("layout"))
    facts = [fact for reason in reasons() for fact in reason.facts]
    noted = own.filter(pl.col("fact").is_in(facts)).select(*KEY, pl.col("fact") + pl.lit(" ") + pl.col("scope"))
    structure = noted.group_by(KEY).agg(pl.col("fact").unique().sort().str.join("\n").alias("structure"))
    told = pl.concat_str(
        pl.col("table_code"), pl.col("layout").fill_null(UNKNOWN_LAYOUT), pl.col("reasons").list.sort().list.join("\n"),
        pl.col("structure").fill_null(""), separator="\n\n",
    )
    joined = held.select(*KEY, "reasons").join(layouts, on=KEY, how="left").join(structure, on=KEY, how="left")
    return joined.select(*KEY, "layout", signature=told.map_elements(_digest, return_dtype=pl.String)).sort(KEY)


def groups(held: pl.DataFrame) -> pl.DataFrame:
    """Return the groups of held tables that are alike, the largest first.

    Args:
        held: the lake's QUARANTINED_TABLES.

    Returns:
        the columns of GROUPS: how many tables, some of them (report_version_id), and a sentence in each language.
    """
    grouped = held.sort(KEY).group_by("signature", "table_code", "layout").agg(
        pl.len().cast(pl.Int64).alias("count"), pl.col(ID).head(SAMPLES).alias("samples"),
        *(pl.col(f"summary_{language}").first() for language in LANGUAGES), *_counted(),
    )
    sentences = [_sentence(language) for language in LANGUAGES]
    return grouped.with_columns(sentences).select(*GROUPS).sort("count", "signature", descending=[True, False])


def _counted() -> list[pl.Expr]:
    return [(pl.col("verdict") == verdict).sum().alias(verdict) for verdict in verdict_words()]


def _sentence(language: str) -> pl.Expr:
    position = LANGUAGES.index(language)
    counts = [
        pl.when(pl.col(verdict) > 0).then(pl.lit(f"{words[position]} ") + pl.col(verdict).cast(pl.String))
        for verdict, words in verdict_words().items()
    ]
    blamed = pl.concat_str(counts, separator="、" if language == "zh" else ", ", ignore_nulls=True)
    layout = pl.col("layout").fill_null(UNKNOWN_LAYOUT)
    return pl.format(
        SENTENCE[language], pl.col("count"), pl.col(f"summary_{language}"), layout, blamed
    ).alias(f"sentence_{language}")


def _digest(told: str) -> str:
    return hashlib.sha256(told.encode()).hexdigest()[:12]
