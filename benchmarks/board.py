"""What a measurement shows: tables with the goal beside each figure, on the terminal and in RESULTS.md.

Belongs here: the `Board` value, printing it with rich, and replacing its section of RESULTS.md in place.
Does not: measuring.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "RESULTS.md"
HEAD = """# 测量结果 · Results

各节由 `python -m benchmarks …` 写入，重跑即替换；节首写明命令、日期、机器和软件版本。
Each section is written by `python -m benchmarks …` and replaced when it is run again; it says with which command, when,
on what machine and with which versions.
"""
# The packages that decide how fast and how well documents are read; those that are not installed are not named.
PACKAGES = (
    "polars", "duckdb", "dbt-duckdb", "lxml", "selectolax", "olefile", "pypdfium2", "rapidocr", "onnxruntime", "numpy",
    "atheris",
)


@dataclass(frozen=True)
class Grid:
    """One table of results; the last column usually says the goal."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True)
class Board:
    """The results of one benchmark: its name (the section it replaces), its command, remarks, tables."""

    name: str
    command: str
    grids: Sequence[Grid]
    remarks: Sequence[str] = ()


def shown(value: object) -> str:
    """Return a figure as it is printed: numbers with thousands separators, shares with five places."""
    if isinstance(value, bool):
        return "是 yes" if value else "否 NO"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.3f}" if isinstance(value, float) else str(value)


def percent(share: float) -> str:
    """Return a share as percent with three places, never rounded up to 100."""
    return f"{int(share * 100_000) / 1000:.3f} %"


def show(board: Board, console: Console) -> None:
    """Print a board."""
    for grid in board.grids:
        table = Table(title=grid.title, box=box.SIMPLE_HEAD, title_justify="left")
        for number, column in enumerate(grid.columns):
            table.add_column(column, justify="left" if number == 0 else "right", overflow="fold")
        for row in grid.rows:
            table.add_row(*(shown(value) for value in row))
        console.print(table)
    for remark in board.remarks:
        console.print(remark, markup=False)


def write(board: Board, page: Path = RESULTS) -> None:
    """Put a board into the page, in place of its earlier section or at the end."""
    text = page.read_text(encoding="utf-8") if page.exists() else HEAD
    section = markdown(board)
    mark = re.compile(rf"<!-- begin {re.escape(board.name)} -->.*?<!-- end {re.escape(board.name)} -->\n", re.S)
    found = mark.search(text)
    new = text[: found.start()] + section + text[found.end() :] if found else f"{text}\n{section}"
    page.write_text(new, encoding="utf-8")


def markdown(board: Board) -> str:
    """Return the section of a board."""
    lines = [f"<!-- begin {board.name} -->", f"## {board.name}", "", f"`{board.command}` · {machine()}", ""]
    for grid in board.grids:
        lines += [f"**{grid.title}**", "", _row(grid.columns), _row(["---"] * len(grid.columns))]
        lines += [_row([shown(value) for value in row]) for row in grid.rows]
        lines.append("")
    lines += [line for remark in board.remarks for line in (remark, "")]
    return "\n".join([*lines[:-1], f"<!-- end {board.name} -->", ""])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def machine() -> str:
    """Return date, cores, Python and package versions in one line."""
    known = [f"Python {platform.python_version()}", *(f"{name} {v}" for name in PACKAGES if (v := _version(name)))]
    load = f"load {os.getloadavg()[0]:.1f}"
    return f"{date.today()} · {os.cpu_count()} cores {platform.machine()}, {load} · {', '.join(known)}"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
