"""Work spread over the cores of the machine.

Belongs here: a pool of fresh processes and a bar on the terminal. Does not: any work.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

Job = TypeVar("Job")
Result = TypeVar("Result")


def spread(
    work: Callable[[Job], Result], jobs: Sequence[Job], cores: int, console: Console, title: str
) -> list[Result]:
    """Return `work(job)` for every job, in order.

    Processes are started fresh, for polars must not be forked, and each keeps to one thread.
    """
    os.environ["POLARS_MAX_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
               TimeRemainingColumn())
    results: dict[int, Result] = {}
    context = multiprocessing.get_context("spawn")
    with (
        Progress(*columns, console=console) as bars,
        ProcessPoolExecutor(min(cores, max(1, len(jobs))), mp_context=context) as pool,
    ):
        bar = bars.add_task(title, total=len(jobs))
        numbers = {pool.submit(work, job): number for number, job in enumerate(jobs)}
        for done in as_completed(numbers):
            results[numbers[done]] = done.result()
            bars.advance(bar)
    return [results[number] for number in range(len(jobs))]
