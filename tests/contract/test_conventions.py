"""House rules that a machine can check, on our own Python files and on every file of the project.

Belongs here: what module docstrings say, length of functions, what must not stand in a file.
Does not: style and docstrings of public functions (ruff), types (mypy).
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("assets", "expectations", "orchestration", "benchmarks", "tests/typesetting")
LONGEST_FUNCTION = 60
MEDIAN_FUNCTION = 10
LARGEST_FILE = 2 * 1024 * 1024

Function = ast.FunctionDef | ast.AsyncFunctionDef

# A path of one machine or the host of a package registry; written in parts so that this file does not hold them.
FOREIGN = re.compile("|".join((
    r"pypi[.]" + "org", r"python" + "hosted[.]org", r"registry[.]npm" + "js", r"deb[.]deb" + "ian",
    r"(?<![\w.])/work" + r"/(?:main|shared|steering)", r"(?<![\w.])/ro" + "ot/", r"(?<![\w.])/ho" + "me/",
)))
# What tools leave behind, for a copy of the project that has no git.
LEFT_BEHIND = re.compile(
    r"(^|/)(\.venv|\.git|var|__pycache__|\.\w+_cache|\.hypothesis|target|logs|[^/]+\.egg-info)(/|$)"
)


@cache
def python_files() -> tuple[Path, ...]:
    return tuple(sorted(file for room in ROOMS for file in (PROJECT / room).rglob("*.py")))


@cache
def project_files() -> tuple[Path, ...]:
    """Return the files that git tracks or would track; in a copy without git, all but what tools leave behind."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )
    if listed.returncode == 0:
        names = (PROJECT / name for name in listed.stdout.split("\0") if name)
        return tuple(sorted(file for file in names if file.is_file()))
    found = (file for file in PROJECT.rglob("*") if not LEFT_BEHIND.search(file.relative_to(PROJECT).as_posix()))
    return tuple(sorted(file for file in found if file.is_file()))


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length(function: Function) -> int:
    """Return the lines of a function's body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (body[-1].end_lineno or body[-1].lineno) - body[0].lineno + 1


def shown(file: Path) -> str:
    return file.relative_to(PROJECT).as_posix()


@pytest.mark.parametrize("file", python_files(), ids=shown)
def test_a_module_says_what_belongs_in_it(file: Path) -> None:
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    assert said, f"{shown(file)}: no module docstring"
    if file.name != "__init__.py":
        assert "Belongs here" in said, f"{shown(file)}: the docstring does not say what belongs here"
        assert "Does not" in said, f"{shown(file)}: the docstring does not say what does not belong here"


def test_functions_are_short() -> None:
    """Reports the median as well: it says more about the whole than the longest does."""
    lengths = {
        f"{shown(file)}:{function.lineno} {function.name}": length(function)
        for file in python_files() for function in functions(ast.parse(file.read_text(encoding="utf-8")))
    }
    middle = median(lengths.values())
    print(f"{len(lengths)} functions, median {middle} lines, longest {max(lengths.values())}")
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}
    assert middle <= MEDIAN_FUNCTION


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for file in project_files():
        content = file.read_bytes()
        if b"\0" not in content[:8192]:
            match = FOREIGN.search(content.decode("utf-8", "replace"))
            found += [f"{shown(file)}: {match[0]}"] if match else []
    assert found == []


def test_no_file_is_too_large_for_source() -> None:
    assert [shown(file) for file in project_files() if file.stat().st_size > LARGEST_FILE] == []


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|assert Tr" + r"ue)\b")
    files = [file for file in project_files() if file.suffix in (".py", ".sql", ".yaml", ".yml", ".toml")]
    found = [shown(file) for file in files if later.search(file.read_text(encoding="utf-8"))]
    assert found == []
