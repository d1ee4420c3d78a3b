"""Typed access to identities/*.yaml: loads them, checks them, and says which cells an identity needs.

Belongs here: the registry as objects, and clear errors for a registry that is wrong.
Does not: judging of reports (judging.py), rendering (docs.py), Great Expectations (suites.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from assets.form import cells as form
from expectations.terms import Comparison, comparisons

REGISTRY = Path(__file__).with_name("identities")
SCHEMA = Path(__file__).with_name("identities.schema.yaml")
OUTCOME_LEAVES = "outcome_leaves"
DOCUMENT = "document"
EQUAL = "equal"
VERDICTS = ("holds", "breaks", "unknown")
SEVERITIES = ("error", "warning", "info", "diagnostic")
# What a schema of ours says beside JSON Schema: the names that a message of each kind may use.
PLACEHOLDERS = "x-placeholders"

class RegistryError(ValueError):
    """The registry of rules is wrong; the text names the rule, the place and what was expected."""


@dataclass(frozen=True)
class Both:
    """One text in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True)
class Rule:
    """One rule of the registry; `parameters` holds what only its kind needs."""

    code: str
    kind: str
    scope: str
    tables: tuple[str, ...]
    editions: tuple[str, ...]
    first_year: int | None
    last_year: int | None
    active: bool
    severity: str
    title: Both
    formula: str
    words: Both
    source: Both
    message: Both
    exception: Both
    parameters: Mapping[str, Any]
    examples: tuple[Mapping[str, Any], ...]

    @property
    def severities(self) -> tuple[str, ...]:
        """Every severity a finding of this rule can have, its own first."""
        softened = self.parameters.get("softened")
        return (self.severity, softened["to"]) if softened else (self.severity,)


@dataclass(frozen=True)
class Identity:
    """One linear identity: the sum of `left` stands in `relation` to the sum of `right` (0 where there is no cell).

    `scope` names its column or line.
    """

    rule: str
    scope: str
    table: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    relation: str = EQUAL


@cache
def load_registry(path: Path = REGISTRY) -> tuple[Rule, ...]:
    """Return all rules of a folder of registry files, inactive ones too, by code; RegistryError says what is wrong."""
    rules: list[Rule] = []
    for file in sorted(path.glob("*.yaml")):
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        _check_shape(data, file.name)
        rules += [_rule(entry) for entry in data["rules"]]
    problems = [problem for rule in rules for problem in _problems(rule)]
    codes = [rule.code for rule in rules]
    problems += [f"{code}: given more than once" for code in sorted({c for c in codes if codes.count(c) > 1})]
    if problems or not rules:
        raise RegistryError(f"{path.name}: " + ("; ".join(problems) or "no rules; expected files *.yaml"))
    return tuple(sorted(rules, key=lambda rule: rule.code))


@cache
def kinds() -> dict[str, frozenset[str]]:
    """Return the kinds of rules the schema knows, each with the names that its messages may use."""
    return {kind: frozenset(names) for kind, names in _schema()[PLACEHOLDERS].items()}


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))
    return schema


def active_rules() -> tuple[Rule, ...]:
    """Return the rules that are judged."""
    return tuple(rule for rule in load_registry() if rule.active)


@cache
def _identities(
    code: str, scope: str, table: str, edition: str, terms: tuple[tuple[str, ...], ...], relation: str,
    only: tuple[str, ...],
) -> tuple[Identity, ...]:
    printed = form.edition(edition).table(table)
    left, right = (_expanded(side, edition) for side in terms)
    parts = printed.columns if scope == "column" else printed.lines
    codes = [part.code for part in parts if not only or part.code in only]
    if scope == "column":
        return tuple(
            Identity(code, f"{table}.{column}", table, _cells(table, left, (column,)), _cells(table, right, (column,)),
                     relation)
            for column in codes
        )
    return tuple(
        Identity(code, f"{table}.{line}", table, _cells(table, (line,), left), _cells(table, (line,), right), relation)
        for line in codes
    )


def identities_of(rule: Rule, table: str, edition: str) -> tuple[Identity, ...]:
    """Return the identities that a linear rule states over one table of one edition, in the form's order."""
    terms = (tuple(rule.parameters["left"]), tuple(rule.parameters["right"]))
    relation, only = rule.parameters.get("relation", EQUAL), tuple(rule.parameters.get("only", ()))
    return _identities(rule.code, rule.scope, table, edition, terms, relation, only)


def comparisons_of(rule: Rule, table: str, edition: str) -> tuple[Comparison, ...]:
    """Return what a rule of kind linear_across states of one table of one edition, in the form's order."""
    sides = (rule.parameters["left"], rule.parameters["right"])
    return comparisons(
        rule.scope, table, edition, sides, rule.parameters.get("relation", EQUAL), rule.parameters.get("only", ())
    )


def _cells(table: str, lines: tuple[str, ...], columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{table}.{line}.{column}" for line in lines for column in columns)


def _expanded(terms: tuple[str, ...], edition: str) -> tuple[str, ...]:
    parts = (form.outcome_leaves(edition) if term == OUTCOME_LEAVES else (term,) for term in terms)
    return tuple(code for part in parts for code in part)


def _check_shape(data: Any, name: str) -> None:
    errors = sorted(Draft202012Validator(_schema()).iter_errors(data), key=lambda e: list(map(str, e.absolute_path)))
    if not errors:
        return
    lines = [f"{_place(data, list(error.absolute_path))}: {error.message[:300]}" for error in errors]
    raise RegistryError(f"{name} does not have the shape of {SCHEMA.name}: " + "; ".join(lines))


def _place(data: Any, path: list[Any]) -> str:
    if len(path) < 2 or path[0] != "rules":
        return "/".join(map(str, path)) or "top level"
    entry = data["rules"][path[1]]
    code = entry.get("code", "without code") if isinstance(entry, dict) else "not a mapping"
    return f"rule {path[1] + 1} ({code})" + (f" at {'/'.join(map(str, path[2:]))}" if path[2:] else "")


def _rule(entry: dict[str, Any]) -> Rule:
    facts: dict[str, Any] = {name: entry[name] for name in ("code", "kind", "scope", "formula", "active", "severity")}
    facts |= {name: Both(**entry[name]) for name in ("title", "words", "source", "message", "exception")}
    facts |= {name: tuple(entry[name]) for name in ("tables", "editions", "examples")}
    facts |= {f"{bound}_year": entry["report_years"][bound] for bound in ("first", "last")}
    parameters = {name: value for name, value in entry.items() if name not in {*facts, "report_years"}}
    return Rule(**facts, parameters=parameters)


def _problems(rule: Rule) -> Iterable[str]:
    yield from _unknown(rule.code, "table", rule.tables, form.table_codes())
    yield from _unknown(rule.code, "edition", rule.editions, [edition.code for edition in form.editions()])
    yield from _placeholder_problems(rule)
    missing = set(VERDICTS) - {example["verdict"] for example in rule.examples}
    if missing:
        yield f"{rule.code}: no example of {', '.join(sorted(missing))}"
    if rule.kind == "linear":
        yield from _term_problems(rule)
    if rule.kind == "linear_across":
        yield from _across_problems(rule)
    yield from _unknown(rule.code, "cell", rule.parameters.get("cells", ()), form.all_cell_codes())
    shown = {code for example in rule.examples for told in _reports_in(example) for code in told.get("cells", {})}
    yield from _unknown(rule.code, "cell", shown, form.all_cell_codes())


def _unknown(code: str, what: str, given: Iterable[str], known: Iterable[str]) -> Iterable[str]:
    wrong = sorted(set(given) - set(known))
    if wrong:
        yield f"{code}: no {what} of the form is called {', '.join(wrong)}"


def _placeholder_problems(rule: Rule) -> Iterable[str]:
    for language, template in (("zh", rule.message.zh), ("en", rule.message.en)):
        used = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
        wrong = sorted(used - kinds()[rule.kind])
        if wrong:
            allowed = ", ".join(sorted(kinds()[rule.kind]))
            yield f"{rule.code}: message {language} uses {{{'}, {'.join(wrong)}}}; {rule.kind} knows {allowed}"


def _term_problems(rule: Rule) -> Iterable[str]:
    for table in set(rule.tables) & set(form.table_codes()):
        for edition in form.editions():
            if edition.code not in rule.editions:
                continue
            known = {cell.code for cell in form.cells(edition.code)}
            needed = {c for i in identities_of(rule, table, edition.code) for c in (*i.left, *i.right)}
            yield from _unknown(rule.code, f"cell in {edition.code}", needed, known)


def _across_problems(rule: Rule) -> Iterable[str]:
    """Every term must be a cell of the form: this report's of the rule's edition, last year's of any edition."""
    for table in set(rule.tables) & set(form.table_codes()):
        for edition in set(rule.editions) & {edition.code for edition in form.editions()}:
            terms = [term for one in comparisons_of(rule, table, edition) for term in (*one.left, *one.right)]
            own = {cell.code for cell in form.cells(edition)}
            yield from _unknown(rule.code, f"cell in {edition}", {t.cell for t in terms if not t.previous}, own)
            yield from _unknown(rule.code, "cell", {t.cell for t in terms if t.previous}, form.all_cell_codes())


def _reports_in(example: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """The example's own report and those around it."""
    yield example
    around = [example.get("previous"), example.get("next"), *example.get("others", ())]
    for told in around:
        if told is not None:
            yield from _reports_in(told)
