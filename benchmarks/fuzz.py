"""Fuzzing of one reader: does any input make it raise, hang, or grow without bound?

Belongs here: finding the readers, the corpus from the generator, the process that is fuzzed and the one that watches
it, the table of results. Does not: altering inputs (mutation.py).

Two engines. `own` alters the generator's documents (mutation.py) and needs nothing. `atheris` is guided by coverage of
our Python code; it is not among the requirements (34 MB, and no wheels for the newest Pythons): `pip install atheris`.
Either way an input goes through the reader and then through everything that parsing does with what was read. Only
`Unreadable` may be raised. Inputs that are found are kept under var/fuzz/<reader>/.
"""

from __future__ import annotations

import atexit
import hashlib
import importlib
import importlib.util
import json
import multiprocessing
import pkgutil
import random
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType, FunctionType
from typing import Any

from rich.console import Console

from assets.parsing import readers
from assets.parsing.parse import parse_read
from assets.parsing.readers import sniffing
from assets.parsing.readers.bounds import Bounds, Budget, Unreadable
from benchmarks.board import Board, Grid
from benchmarks.memory import peak_kilobytes
from benchmarks.mutation import altered
from tests.typesetting.figures import made_report
from tests.typesetting.layouts import EVERY_LAYOUT
from tests.typesetting.publication import compose

FINDS = Path(__file__).resolve().parents[1] / "var" / "fuzz"
# One input of at most 512 KB must be through in this processor time, the clock of `Budget`; the process must stay below
# this size.
MOST_SECONDS = 20
MOST_BYTES = 2 * 2**30
# In native code no alarm reaches an input: there the kernel ends the process at this processor time for one input, and
# the watching process ends one that waits without computing for so many seconds of the clock on the wall.
MOST_NATIVE_SECONDS = 3 * MOST_SECONDS
SILENCE = 600
SEEDS_PER_LAYOUT = 3
# A reader whose process was ended so often need not be fuzzed on.
MOST_DEATHS = 20
CHECK_EVERY = 0.5


class TooSlow(BaseException):
    """One input took longer than MOST_SECONDS; not an Exception, so that no reader takes it for its own."""


@dataclass
class Log:
    """What a fuzzed process has seen; crashes: what was raised and where → file of the shortest input, count, bytes."""

    executions: int = 0
    read: int = 0
    refused: int = 0
    crashes: dict[str, list[Any]] = field(default_factory=dict)
    seconds: float = 0.0
    slowest_seconds: float = 0.0
    slowest_file: str = ""
    peak_mb: float = 0.0
    grown_mb: float = 0.0
    grown_file: str = ""


def reader_names() -> list[str]:
    """Return the modules of assets/parsing/readers that read a kind of document: those with a function `read`."""
    found = (module.name for module in pkgutil.iter_modules(readers.__path__))
    modules = {name: importlib.import_module(f"{readers.__name__}.{name}") for name in found}
    return sorted(name for name, module in modules.items() if callable(getattr(module, "read", None)))


def corpus(reader: str) -> list[bytes]:
    """Return made-up documents that this reader reads, of every layout that it knows; sizes differ."""
    sizes = ("nothing", "county", "metropolis")
    made = []
    for layout in EVERY_LAYOUT.values():
        for size in sizes[:SEEDS_PER_LAYOUT]:
            content = layout.render(compose(made_report(7, None, size)))
            if sniffing.media_of(content, Budget()) != reader:
                break
            made.append(content)
    return made


def one_input(reader: str) -> Callable[[bytes], bool]:
    """Return the function that is fuzzed: True if the input was read, False if it was refused by name."""
    read = importlib.import_module(f"{readers.__name__}.{reader}").read

    def run_one(content: bytes) -> bool:
        try:
            parse_read(read(content, Budget(Bounds(most_seconds=MOST_SECONDS / 2))), "fuzz")
        except Unreadable:
            return False
        return True

    return run_one


# ---------------------------------------------------------------------------------------------------------------------
# The process that is fuzzed


class Recorder:
    """Runs inputs one by one, keeps those that are found, and writes its log for the watching process."""

    def __init__(self, reader: str, folder: Path) -> None:
        self.target = one_input(reader)
        self.folder = folder
        self.log = _log(folder)
        self.written = 0.0

    def run_one(self, content: bytes) -> None:
        """Run one input under an alarm and note what came of it."""
        (self.folder / "current").write_bytes(content)
        before, started = peak_kilobytes(), time.process_time()
        resource.setrlimit(resource.RLIMIT_CPU, (int(started) + MOST_NATIVE_SECONDS, resource.RLIM_INFINITY))
        signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
        try:
            if self.target(content):
                self.log.read += 1
            else:
                self.log.refused += 1
        except (Exception, TooSlow, RecursionError) as problem:
            self.found(signature(problem), content)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        self._measure(content, time.process_time() - started, peak_kilobytes() - before)

    def found(self, what: str, content: bytes) -> None:
        """Keep an input; of those that raise the same at the same place only the shortest is named."""
        file = self._kept(content)
        known = self.log.crashes.setdefault(what, [file, 0, len(content)])
        known[1] += 1
        if len(content) < known[2]:
            known[0], known[2] = file, len(content)
        self.save()

    def _measure(self, content: bytes, seconds: float, grown: int) -> None:
        log = self.log
        log.executions += 1
        log.seconds += seconds
        if seconds > log.slowest_seconds:
            log.slowest_seconds, log.slowest_file = seconds, self._kept(content)
        log.peak_mb = max(log.peak_mb, peak_kilobytes() / 1024)
        if log.executions > 1 and grown / 1024 > log.grown_mb:
            log.grown_mb, log.grown_file = grown / 1024, self._kept(content)
        if time.monotonic() - self.written > CHECK_EVERY:
            self.save()

    def _kept(self, content: bytes) -> str:
        name = hashlib.sha256(content).hexdigest()[:16]
        (self.folder / name).write_bytes(content)
        return name

    def save(self) -> None:
        """Write the log."""
        self.written = time.monotonic()
        partial = self.folder / "log.partial"
        partial.write_text(json.dumps(asdict(self.log), ensure_ascii=False))
        partial.replace(self.folder / "log.json")


def signature(problem: BaseException) -> str:
    """Return what was raised and the innermost place in our own code."""
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if "assets" in Path(frame.filename).parts]
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno} {frames[-1].name}" if frames else "?"
    return f"{type(problem).__name__}: {str(problem)[:80]} @ {place}"


def _alarm(_: int, __: FrameType | None) -> None:
    raise TooSlow(f"more than {MOST_SECONDS} s")


def fuzzed(reader: str, seconds: float, engine: str, seed: int, folder: Path, seeds: Sequence[bytes]) -> None:
    """Fuzz until the reader has worked for some seconds of processor time; the body of the fuzzed process.

    `seeds` are the documents that are altered.
    """
    resource.setrlimit(resource.RLIMIT_AS, (2 * MOST_BYTES, 2 * MOST_BYTES))
    signal.signal(signal.SIGPROF, _alarm)
    recorder = Recorder(reader, folder)
    if engine == "atheris":
        _atheris(recorder, seeds, seconds, folder)
    else:
        chance, end = random.Random(seed), recorder.log.seconds + seconds
        while recorder.log.seconds < end:
            recorder.run_one(altered(chance, seeds))
    recorder.save()


def _atheris(recorder: Recorder, seeds: Iterable[bytes], seconds: float, folder: Path) -> None:
    """Let libFuzzer choose the inputs, guided by the coverage of our parsing code; it ends the process itself."""
    atheris = importlib.import_module("atheris")
    inputs = folder / "corpus"
    inputs.mkdir(exist_ok=True)
    for seed in seeds:
        (inputs / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    for function in parsing_functions():
        atheris.instrument_func(function)
    limits = [f"-max_total_time={max(1, int(seconds))}", "-max_len=131072", "-timeout=0", "-handle_alrm=0",
              f"-rss_limit_mb={MOST_BYTES // 2**20}", "-verbosity=0", "-print_final_stats=0"]

    # libFuzzer leaves without a word to Python, so the log must never be older than the last input that matters.
    atexit.register(recorder.save)
    atheris.Setup([sys.argv[0], *limits, str(inputs)], recorder.run_one, enable_python_coverage=True)
    atheris.Fuzz()


def parsing_functions() -> list[FunctionType]:
    """Return every function and method of assets.parsing that is loaded: what coverage is measured on."""
    modules = [module for name, module in sys.modules.items() if name.startswith("assets.parsing")]
    owners = [*modules, *(kind for module in modules for kind in vars(module).values() if isinstance(kind, type))]
    found = {id(item): item for owner in owners for item in vars(owner).values() if isinstance(item, FunctionType)}
    return [item for item in found.values() if item.__module__.startswith("assets.parsing")]


# ---------------------------------------------------------------------------------------------------------------------
# The process that watches


def run(reader: str, seconds: float, engine: str, console: Console) -> Board:
    """Fuzz a reader in processes that may die, and show what was found.

    Raises:
        SystemExit: no such reader, no document for it among the layouts, or the engine is not installed.
    """
    if reader not in reader_names():
        raise SystemExit(f"{reader}: no such reader; there are {', '.join(reader_names())}")
    if engine == "atheris" and importlib.util.find_spec("atheris") is None:
        raise SystemExit("atheris is not installed: pip install atheris, or --engine own")
    # Made once: setting a document of every layout takes longer than many an execution.
    seeds = corpus(reader)
    if not seeds:
        raise SystemExit(f"{reader}: no layout of the generator makes documents for it")
    folder = FINDS / reader
    folder.mkdir(parents=True, exist_ok=True)
    for earlier in ("log.json", "current"):
        (folder / earlier).unlink(missing_ok=True)
    deaths: list[str] = []
    while (left := seconds - _log(folder).seconds) > 1 and len(deaths) < MOST_DEATHS:
        death = _watched(reader, left, engine, len(deaths), folder, seeds)
        if death is None:
            break
        deaths.append(death)
        console.print(death, markup=False)
    return _board(reader, seconds, engine, _log(folder), deaths)


def _log(folder: Path) -> Log:
    path = folder / "log.json"
    return Log(**json.loads(path.read_text())) if path.exists() else Log()


def _watched(
    reader: str, seconds: float, engine: str, seed: int, folder: Path, seeds: Sequence[bytes]
) -> str | None:
    """Run one fuzzed process to its end; return how it died and on which input, None if it ended by itself."""
    given = (reader, seconds, engine, seed, folder, seeds)
    process = multiprocessing.get_context("spawn").Process(target=fuzzed, args=given)
    process.start()
    current, started = folder / "current", time.time()
    while process.is_alive():
        process.join(CHECK_EVERY)
        spoke = current.stat().st_mtime if current.exists() else started
        if time.time() - max(spoke, started) > SILENCE:
            process.kill()
            process.join()
            return f"HANG, {SILENCE} s without computing: {_last(folder)}"
    if process.exitcode == -signal.SIGXCPU:
        return f"HANG beyond {MOST_NATIVE_SECONDS} s in native code: {_last(folder)}"
    if process.exitcode and process.exitcode != 0:
        return f"DIED, exit code {process.exitcode} (negative: killed by that signal): {_last(folder)}"
    return None


def _last(folder: Path) -> str:
    """Keep the input that the process was at, and return its name."""
    current = folder / "current"
    if not current.exists():
        return "before its first input"
    content = current.read_bytes()
    name = hashlib.sha256(content).hexdigest()[:16]
    (folder / name).write_bytes(content)
    return name


def _board(reader: str, seconds: float, engine: str, log: Log, deaths: list[str]) -> Board:
    hangs = sum(count for what, (_, count, _) in log.crashes.items() if what.startswith("TooSlow"))
    hangs += sum(death.startswith("HANG") for death in deaths)
    crashes = sum(count for what, (_, count, _) in log.crashes.items() if not what.startswith("TooSlow"))
    crashes += sum(death.startswith("DIED") for death in deaths)
    rows = [
        ["执行 executions", log.executions, "—"],
        ["处理器秒 processor seconds", log.seconds, f"≥ {seconds:.0f}"], ["读出 read", log.read, "—"],
        ["按名拒收 refused by name", log.refused, "—"], ["崩溃 crashes", crashes, 0],
        [f"超过 {MOST_SECONDS} 秒 hangs", hangs, 0],
        ["最慢一份 slowest input, s", log.slowest_seconds, f"< {MOST_SECONDS}"],
        ["峰值内存 peak MB", log.peak_mb, f"< {MOST_BYTES // 2**20:,}"],
        ["一份最多增 grown by one input, MB", log.grown_mb, "—"],
    ]
    grids = [Grid(f"{reader}，引擎 engine {engine}", ("", "值 value", "目标 goal"), rows)]
    if log.crashes:
        found = [[what, count, size, f"var/fuzz/{reader}/{file}"] for what, (file, count, size) in log.crashes.items()]
        grids.append(Grid("抛出 raised", ("异常与位置 what, where", "次数 times", "字节 bytes", "输入 input"), found))
    remarks = [f"- {death}" for death in deaths]
    remarks.append(f"- 最慢 slowest: {log.slowest_file}; 最占内存 grew most: {log.grown_file or '—'}")
    command = f"python -m benchmarks fuzz --reader {reader} --seconds {seconds:.0f} --engine {engine}"
    return Board(f"fuzz {reader}", command, grids, remarks)
