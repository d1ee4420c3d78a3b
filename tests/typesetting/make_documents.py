"""Makes tests/documents: valid reports, and valid reports with one named change each.

Run it as `python -m tests.typesetting.make_documents`.

Belongs here: the code of each change. Does not: what must become of each document (its expected.json, written by hand).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from assets.form import cells as form
from tests.typesetting import changes
from tests.typesetting.article import article, blank_form, format_notice, refused_pages
from tests.typesetting.committed import write
from tests.typesetting.layouts import LAYOUTS
from tests.typesetting.layouts.archive import zipped
from tests.typesetting.layouts.compound import compound
from tests.typesetting.make_samples import left_blank
from tests.typesetting.publication import Publication, compose
from tests.typesetting.report import Figure, ReportText, load

DOCUMENTS = Path(__file__).resolve().parents[1] / "documents"
ORIGINAL = "qingpi_health_2024"

Damage = Callable[[Publication], Publication]


@dataclass(frozen=True)
class Case:
    """One document: a report, at most one change (in its figures, its words, its page or its bytes), a layout."""

    layout: str
    report: str = ORIGINAL
    figures: Mapping[str, Figure] = field(default_factory=dict)
    state: Callable[[ReportText], ReportText] | None = None
    damage: Damage | None = None
    spoil: Callable[[bytes], bytes] | None = None

    def content(self) -> bytes:
        """Return the bytes of the document."""
        report = load(self.report).with_figures(self.figures)
        publication = compose(self.state(report) if self.state else report)
        content = LAYOUTS[self.layout].render(self.damage(publication) if self.damage else publication)
        return self.spoil(content) if self.spoil else content


@dataclass(frozen=True)
class Other:
    """A document that is no report at all; `suffix` is the ending of its file."""

    suffix: str
    content: Callable[[], bytes]


def _set(publication: Publication, layout: str) -> Other:
    chosen = LAYOUTS[layout]
    return Other(chosen.suffix, lambda: chosen.render(publication))


def _page(kind: str, layout: str) -> Other:
    """Return the first page of articles/refused.yaml of a kind of refusal, set in a layout."""
    return _set(refused_pages()[kind][0], layout)


def _gbk(content: bytes) -> bytes:
    return content.decode().encode("gbk")


def _windows(content: bytes) -> bytes:
    return b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")


def _rubbish() -> bytes:
    """Return bytes that are no text in any encoding and no known format, the same every time."""
    return bytes((number * 7919 + number // 251) % 256 for number in range(4096))


def _poisoned(content: bytes) -> bytes:
    """Return the prose as mirrors poison it: readings in brackets behind characters."""
    return content.decode().replace("条例", "条(tiáo)例(lì)").replace("局", "局(jú)").encode()


def _worn_labels(report: ReportText) -> ReportText:
    return replace(report, labels={
        "requests.granted_in_full": "(一) 予以公开",
        "requests.denied_prohibited_by_law": "2、其他法律行政止公开",
        "requests.other_organization": "其 他",
        "proactive_disclosure.normative_documents": "规范性文件",
        "requests.other_clarification_lapsed": "1.逾期不补正",
    })


def _zeros_blanked(report: ReportText, *tables: str) -> ReportText:
    zeros = [code for code, figure in report.figures.items() if figure == 0 and code.split(".")[0] in tables]
    return report.with_figures(dict.fromkeys(zeros))


def _exchanged(first: str, second: str) -> dict[str, Figure]:
    """Return the figures of two lines of table 3, each in the other's place."""
    figures = load(ORIGINAL).figures
    columns = [column.code for column in form.edition("cn_ogi_2021").table("requests").columns]
    pairs = [(here, there, column) for here, there in ((first, second), (second, first)) for column in columns]
    return {f"requests.{here}.{column}": figures[f"requests.{there}.{column}"] for here, there, column in pairs}


def _earlier(report: ReportText) -> dict[str, Any]:
    """Return title, foreword and closing of a report of 2024 as they would be a year earlier."""

    def older(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(text.replace("2025", "2024").replace("2024年", "2023年") for text in texts)

    signed = report.signed
    return {
        "title": older(report.title), "foreword": older(report.foreword),
        "signed": None if signed is None else signed.replace(year=signed.year - 1),
    }


SECOND = "danzhu_hrss_2022"
EXTRA_ROW = ("其他主动公开文件（年内印发、不属于规范性文件的）", ("35", "2", "188"))

# Damage to rows, labels and heads, by the folder that shows it; the safety test applies each in every layout.
STRUCTURE: dict[str, Damage] = {
    "row_shifted": partial(changes.shift_figures, table="requests", first="granted_in_full"),
    "row_dropped": partial(changes.drop_line, table="requests", line="denied_third_party_rights"),
    "row_duplicated": partial(changes.repeat_line, table="requests", line="granted_in_part"),
    "rows_exchanged": partial(
        changes.swap_lines, table="requests", first="denied_internal_affairs", second="denied_process_information"
    ),
    "label_damaged": partial(
        changes.relabel, table="requests", line="denied_process_information", label="□□□□□□"
    ),
    "label_lost": partial(changes.relabel, table="requests", line="denied_process_information", label=""),
    "table_cut_off": partial(changes.cut_after_line, table="requests", line="unable_not_held"),
    "column_head_missing": partial(changes.drop_head, table="requests", column=0),
    "column_heads_exchanged": partial(changes.swap_heads, table="requests", first=1, second=4),
    "value_lost": partial(changes.drop_value, table="requests", line="received", column=2),
}

PASS: dict[str, Case | Other] = {
    "gbk_bytes": Case("bar_at_row_end", spoil=_gbk),
    "bom_and_crlf": Case("cell_per_line", spoil=_windows),
    "labels_worn": Case("bar_at_row_start", state=_worn_labels),
    "extra_regional_row": Case("html_clean", damage=lambda page: changes.insert_line(
        page, "proactive_disclosure", "normative_documents", *EXTRA_ROW)),
    "zeros_printed": Case("html_word", "baiyan_2024"),
    "zeros_beside_figures_blanked": Case("html_clean", state=lambda report: _zeros_blanked(report, "requests")),
    "fee_blank": Case("bar_at_row_end", figures={"proactive_disclosure.administrative_fees.fee_amount": None}),
    "figures_dressed": Case("html_split_table", figures={
        "proactive_disclosure.administrative_license.decisions": "1,264",
        "proactive_disclosure.administrative_penalty.decisions": "８６",
        "proactive_disclosure.administrative_compulsion.decisions": " 5件",
    }),
    "form_of_2019": Case("tab_rows", "qingpi_2019"),
    "one_row_for_other": Case("html_word", "gaocheng_2025"),
    "two_reports": Case("bar_at_row_end", damage=lambda page: changes.append(page, compose(load(SECOND)))),
    "two_reports_in_html": Case("html_clean", damage=lambda page: changes.append(page, compose(load("danzhu_2022")))),
    "two_reports_in_docx": Case("docx", damage=lambda page: changes.append(page, compose(load(SECOND)))),
    "two_reports_in_pdf": Case("pdf_named_font", damage=lambda page: changes.append(page, compose(load(SECOND)))),
    "two_reports_in_zip": Other(".zip", lambda: zipped({
        "1.docx": LAYOUTS["docx"].render(compose(load(ORIGINAL))),
        "2.html": LAYOUTS["html_cms"].render(compose(load(SECOND))),
    })),
    "two_years_of_one_organ": Case("html_cms", damage=lambda page: changes.append(
        page, compose(replace(load(ORIGINAL), year=2023, **_earlier(load(ORIGINAL)))))),
    "unseen_leaf_rows_exchanged": Case(
        "bar_at_row_end", figures=_exchanged("unable_not_held", "unable_requires_creation")),
}

QUARANTINE: dict[str, Case] = {
    "digit_changed": Case("bar_at_row_end", figures={"requests.granted_in_full.natural_person": 3}),
    "digit_changed_2019": Case("html_clean", "qingpi_2019", figures={"requests.other.natural_person": 4}),
    "cells_swapped": Case("cell_per_line", figures={
        "requests.unable_not_held.natural_person": 1, "requests.unable_not_held.commercial_enterprise": 4}),
    "total_transposed": Case("html_cms", figures={"requests.outcome_total.total": 13}),
    "forum_sum_wrong": Case("html_word", figures={"reconsideration_litigation.reconsideration.total": 3}),
    "count_is_a_word": Case("bar_at_row_start", figures={"requests.received.natural_person": "若干"}),
    "fee_is_a_word": Case("tab_rows", figures={"proactive_disclosure.administrative_fees.fee_amount": "见附件"}),
    "zeros_blanked": Case("html_cms", "baiyan_2024", state=lambda report: left_blank(
        report, form.REQUESTS, form.REMEDIES)),
    "table_missing": Case("html_clean", state=lambda report: replace(report, absent=frozenset({form.REMEDIES}))),
    "year_conflict": Case("cell_per_line", "yunxiu_market_2024"),
    "poisoned_mirror": Case("html_clean", spoil=_poisoned),
    "row_shifted": Case("bar_at_row_start", damage=STRUCTURE["row_shifted"]),
    "row_dropped": Case("html_clean", damage=STRUCTURE["row_dropped"]),
    "row_duplicated": Case("tab_rows", damage=STRUCTURE["row_duplicated"]),
    "rows_exchanged": Case("cell_per_line", damage=STRUCTURE["rows_exchanged"]),
    "label_damaged": Case("bar_at_row_end", damage=STRUCTURE["label_damaged"]),
    "label_lost": Case("html_split_table", damage=STRUCTURE["label_lost"]),
    "table_cut_off": Case("bar_at_row_end", damage=STRUCTURE["table_cut_off"]),
    "column_head_missing": Case("bar_at_row_start", damage=STRUCTURE["column_head_missing"]),
    "column_heads_exchanged": Case("html_clean", damage=STRUCTURE["column_heads_exchanged"]),
    "value_lost": Case("bar_at_row_end", damage=STRUCTURE["value_lost"]),
}

REFUSE: dict[str, Case | Other] = {
    "two_reports_without_a_title_between": Case("html_clean", damage=lambda page: changes.append(
        page, changes.without_title(compose(load("danzhu_2022"))))),
    "the_same_report_twice": Case("bar_at_row_end", damage=lambda page: changes.append(page, page)),
    "blank_form": _set(blank_form("cn_ogi_2021"), "bar_at_row_end"),
    "blank_form_2019": _set(blank_form("cn_ogi_2019"), "html_word"),
    "format_notice": _set(format_notice("cn_ogi_2021"), "html_cms"),
    "reading_guide": _set(article("reading_guide"), "html_cms"),
    "compiling_notice": _set(article("compiling_notice"), "html_clean"),
    "half_year_statistics": _set(article("half_year_statistics"), "cell_per_line"),
    # Kinds of which articles/refused.yaml holds pages: the first of each, in the layout in which it is met most.
    "interpretation": _page("interpretation", "html_word"),
    "picture_version": _page("picture_version", "html_cms"),
    "disclosure_catalogue": _page("disclosure_catalogue", "docx"),
    "disclosure_guide": _page("disclosure_guide", "bar_at_row_end"),
    "error_page": _page("error_page", "html_clean"),
    "login_page": _page("login_page", "html_clean"),
    "listing_page": _page("listing_page", "html_cms"),
    "legacy_form": _page("legacy_form", "html_word"),
    "model_text": _page("model_text", "html_clean"),
    "poisoned_mirror": _page("poisoned_mirror", "html_clean"),
    "converted_copy": _page("converted_copy", "html_clean"),
    "other_article": Other(".txt", lambda: "云岫市青陂区植树活动\n三月十二日，机关干部到城郊种树。\n".encode()),
    "report_and_interpretation_in_zip": Other(".zip", lambda: zipped({
        "1.docx": LAYOUTS["docx"].render(compose(load(ORIGINAL))),
        "2.html": LAYOUTS["html_cms"].render(article("reading_guide")),
    })),
    "the_same_report_twice_in_zip": Other(".zip", lambda: zipped({
        "1.docx": LAYOUTS["docx"].render(compose(load(ORIGINAL))),
        "2.html": LAYOUTS["html_cms"].render(compose(load(ORIGINAL))),
    })),
    "too_many_files": Other(".zip", lambda: zipped({f"{number}.txt": "" for number in range(60)})),
    "zip_in_zip": Other(".zip", lambda: zipped({"1.zip": zipped({"1.txt": ""})})),
    "password": Other(".docx", lambda: compound({"EncryptedPackage": b"", "EncryptionInfo": b""})),
    "damaged": Other(".docx", lambda: LAYOUTS["docx"].render(compose(load(ORIGINAL)))[:-300]),
    "empty_file": Other(".txt", lambda: b""),
    "white_space": Other(".html", lambda: b" \n\t\r\n" * 20),
    "binary_rubbish": Other(".doc", _rubbish),
}

CASES: dict[str, Case | Other] = {
    **{f"should_pass/{name}": case for name, case in PASS.items()},
    **{f"should_quarantine/{name}": case for name, case in QUARANTINE.items()},
    **{f"should_refuse/{name}": case for name, case in REFUSE.items()},
}


def path_of(name: str) -> Path:
    """Return where the document of a case lies."""
    case = CASES[name]
    suffix = case.suffix if isinstance(case, Other) else LAYOUTS[case.layout].suffix
    return DOCUMENTS / name / f"document{suffix}"


def documents() -> dict[Path, bytes]:
    """Return every document of tests/documents: path → bytes."""
    return {path_of(name): case.content() for name, case in CASES.items()}


if __name__ == "__main__":
    write(documents())
