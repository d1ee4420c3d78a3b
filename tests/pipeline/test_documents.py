"""What becomes of whole documents: valid ones, valid ones with one named change, and things that are no report.

Belongs here: tests/documents and samples against their expected.json, and that nothing wrong is ever published.
Does not: single rules (expectations' own examples) or single layouts (assets/parsing/layouts).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any, cast

import pytest
import yaml

from assets.extract import extract_documents
from assets.form import cells as form
from assets.marts.reference import REFUSALS
from tests.typesetting import LAYOUTS, Publication, changes, compose, load
from tests.typesetting.committed import differing
from tests.typesetting.make_documents import CASES, DOCUMENTS, ORIGINAL, SECOND, STRUCTURE, Case, documents, path_of
from tests.typesetting.make_samples import INBOX, left_blank, samples
from tests.typesetting.report import Figure

Result = dict[str, Any]

EXPECTED_OF_SAMPLES: dict[str, Any] = json.loads((INBOX.parent / "expected.json").read_text(encoding="utf-8"))
# Both editions, the hybrid, one table missing, nearly every line with a figure.
WHOLE = ("qingpi_health_2024", "danzhu_2022", "qingpi_2019", "gaocheng_2025", "kazuo_2025", "fenyang_2024")
# Figures that sites print with a sign or a unit, as the numbers that they are.
DRESSED: dict[Figure, int] = {"+19": 19, "3405820元": 3405820}


# Documents are judged many at a time: most of the time of one call goes into the rules, however few the documents.

# Those that are set and read in milliseconds: every sort of grid and of lines is among them. Pictures and PDF with a
# font of their own come as the same grids and lines, and have their share in tests/contract.
QUICK = [
    name for name in LAYOUTS if not name.startswith(("scan", "pdf_embedded", "pdf_repeated_heads", "pdf_turned"))
]


@cache
def judged_cases() -> dict[str, Result]:
    return dict(zip(CASES, _judged((path_of(name).name, path_of(name).read_bytes()) for name in CASES), strict=True))


@cache
def judged_samples() -> dict[str, Result]:
    files = sorted(EXPECTED_OF_SAMPLES)
    return dict(zip(files, _judged((file, (INBOX / file).read_bytes()) for file in files), strict=True))


@cache
def judged_damage() -> dict[tuple[str, str], Result]:
    pairs = list(product(STRUCTURE, QUICK))
    original = compose(load(ORIGINAL))
    made = (_set(STRUCTURE[damage](original), layout) for damage, layout in pairs)
    return dict(zip(pairs, _judged(made), strict=True))


@cache
def judged_whole() -> dict[tuple[str, str], Result]:
    pairs = list(product(WHOLE, QUICK))
    return dict(zip(pairs, _judged(_set(compose(load(name)), layout) for name, layout in pairs), strict=True))


@cache
def judged_blank() -> dict[str, Result]:
    blank = compose(left_blank(load(ORIGINAL), *form.table_codes()))
    return dict(zip(QUICK, _judged(_set(blank, layout) for layout in QUICK), strict=True))


def _judged(documents: Iterable[tuple[str, bytes]]) -> list[Result]:
    return cast(list[Result], extract_documents(list(documents)))


def _set(publication: Publication, layout: str) -> tuple[str, bytes]:
    return f"document{LAYOUTS[layout].suffix}", LAYOUTS[layout].render(publication)


def errors(result: Result) -> list[list[str]]:
    """Return rule and scope of every finding that breaks an error rule, sorted."""
    broken = (f for f in result["findings"] if f["verdict"] == "breaks" and f["severity"] == "error")
    return sorted([finding["rule"], finding["scope"]] for finding in broken)


def outcome(result: Result) -> dict[str, object]:
    """Return the part of a result that an expected.json speaks of."""
    found: dict[str, object] = {"status": result["status"], "tables": result["tables"], "errors": errors(result)}
    if result["status"] == "refused":
        found["refusal_kind"] = result["reason"].split(":")[0]
    if "reports" in result:
        stated = ("organ_name", "report_year", "signed_date")
        found["reports"] = [{**{key: one[key] for key in stated}, **outcome(one)} for one in result["reports"]]
    return found


def number(figure: Figure) -> Decimal | None:
    return None if figure is None else Decimal(str(DRESSED.get(figure, figure)))


def wrongly_published(result: Result, truth: Mapping[str, Figure]) -> list[str]:
    """Return every published cell whose number is not the original's; a cell without a number is never wrong."""
    published = {code for code, state in result["tables"].items() if state == "published"}
    numbers = {
        code: Decimal(str(cell["value"])) for code, cell in result["cells"].items()
        if code.split(".")[0] in published and cell["value"] is not None
    }
    return [
        f"{code}: published {value}, original {truth.get(code)}" for code, value in numbers.items()
        if number(truth.get(code)) != value
    ]


def unpublished(result: Result, truth: Mapping[str, Figure]) -> list[str]:
    """Return every figure of the original that is missing among the cells."""
    return [code for code, figure in truth.items() if figure is not None and result["cells"][code]["value"] is None]


@pytest.mark.parametrize("name", CASES)
def test_document_ends_as_its_folder_says(name: str) -> None:
    expected = json.loads((DOCUMENTS / name / "expected.json").read_text(encoding="utf-8"))
    expected.pop("change")
    expected.pop("unseen", None)
    expected["errors"] = sorted(expected["errors"])
    assert outcome(judged_cases()[name]) == expected


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if isinstance(case, Case)])
def test_no_wrong_figure_is_published(name: str) -> None:
    case = CASES[name]
    assert isinstance(case, Case)
    wrong = wrongly_published(judged_cases()[name], load(case.report).cells())
    unseen = "unseen" in json.loads((DOCUMENTS / name / "expected.json").read_text(encoding="utf-8"))
    assert bool(wrong) == unseen, wrong


@pytest.mark.parametrize(("name", "reports"), [
    ("two_reports", (ORIGINAL, SECOND)), ("two_reports_in_html", (ORIGINAL, "danzhu_2022")),
    ("two_years_of_one_organ", (ORIGINAL, ORIGINAL)), ("two_reports_in_docx", (ORIGINAL, SECOND)),
    ("two_reports_in_pdf", (ORIGINAL, SECOND)), ("two_reports_in_zip", (ORIGINAL, SECOND)),
])
def test_every_report_of_a_document_has_its_own_figures(name: str, reports: tuple[str, str]) -> None:
    found = judged_cases()[f"should_pass/{name}"]["reports"]
    for one, original in zip(found, reports, strict=True):
        truth = load(original).cells()
        assert (wrongly_published(one, truth), unpublished(one, truth)) == ([], [])


PAIR = {"qingpi_2019": "云岫市青陂区人民政府办公室", "yunxiu_market_2024": "云岫市市场监督管理局"}


@cache
def judged_pairs() -> dict[str, Result]:
    first, second = (compose(load(name)) for name in PAIR)
    return dict(zip(QUICK, _judged(_set(changes.append(first, second), name) for name in QUICK), strict=True))


def test_two_reports_in_one_file_are_taken_apart_in_every_layout_or_refused_by_name() -> None:
    refused = []
    for layout, result in judged_pairs().items():
        if result["status"] == "refused":
            assert result["reason"].startswith("several_reports")
            refused.append(layout)
            continue
        for one, (original, organ) in zip(result["reports"], PAIR.items(), strict=True):
            assert (layout, one["organ_name"]) == (layout, organ)
            assert (layout, wrongly_published(one, load(original).cells())) == (layout, [])
    # All lines run into one there: no line is a title.
    assert refused == ["G"]


# Whether a scan is read depends on what is installed, not on the document.
NOT_OF_A_DOCUMENT = {"needs_ocr"}


def test_every_kind_of_refusal_has_its_document() -> None:
    expected = (path.read_text(encoding="utf-8") for path in DOCUMENTS.glob("should_refuse/*/expected.json"))
    shown = {json.loads(one)["refusal_kind"] for one in expected}
    assert shown == set(yaml.safe_load(REFUSALS.read_text(encoding="utf-8"))) - NOT_OF_A_DOCUMENT


@pytest.mark.parametrize("layout", QUICK)
@pytest.mark.parametrize("damage", STRUCTURE)
def test_structural_damage_publishes_nothing_wrong_in_any_layout(damage: str, layout: str) -> None:
    result = judged_damage()[damage, layout]
    assert wrongly_published(result, load(ORIGINAL).cells()) == []
    assert result["tables"]["requests"] != "published"


@pytest.mark.parametrize("layout", QUICK)
@pytest.mark.parametrize("report", WHOLE)
def test_every_figure_comes_back_from_every_layout(report: str, layout: str) -> None:
    result, truth = judged_whole()[report, layout], load(report).cells()
    assert wrongly_published(result, truth) == []
    assert unpublished(result, truth) == []
    assert errors(result) == [["S02_tables_present", table] for table in load(report).absent]


@pytest.mark.parametrize("layout", QUICK)
def test_blank_cells_never_become_figures(layout: str) -> None:
    result = judged_blank()[layout]
    assert [code for code, cell in result["cells"].items() if cell["value"] is not None] == []
    assert {result["tables"].get(table) for table in (form.REQUESTS, form.REMEDIES)} <= {"quarantined", "missing"}


@pytest.mark.parametrize("file", sorted(EXPECTED_OF_SAMPLES))
def test_sample_ends_as_promised(file: str) -> None:
    expected, result = EXPECTED_OF_SAMPLES[file], judged_samples()[file]
    stated = {key: result[key] for key in ("organ_name", "report_year", "signed_date")}
    assert {**outcome(result), **stated} == {**expected, "errors": sorted(expected["errors"])}


def test_samples_are_what_the_typesetter_makes() -> None:
    made = samples()
    assert differing(made, {path for path in INBOX.rglob("*") if path.is_file()}) == []
    assert {path.name for path in made} == set(EXPECTED_OF_SAMPLES)


def test_documents_are_what_the_typesetter_makes() -> None:
    present = {path for path in DOCUMENTS.rglob("*") if path.is_file() and path.name != "expected.json"}
    assert differing(documents(), present) == []
    assert {path.parent for path in DOCUMENTS.rglob("expected.json")} == {DOCUMENTS / name for name in CASES}
