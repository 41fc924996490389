"""Checks that source files and test files mirror each other: `src/x/_y.py` has `tests/x/test_y.py`.

A leading underscore says who may import a module, not what it is about, so the test's path leaves it out. A module that
only declares (values, ports, names) has nothing to run and needs no test. Tests that are about no single module live in
folders that say so (`SUBJECT_FOLDERS`). What else has no counterpart is listed below, with the reason; an entry that is
no longer needed is an error, too.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

PACKAGES = ("aiofail2ban", "bangui")

# Folders whose files are about a behaviour that many modules share.
SUBJECT_FOLDERS = {
    "browser": "pages in a real browser",
    "daemons": "one part and real daemons",
    "documents": "the programs in docs/",
    "fuzz": "targets of the fuzzer",
    "proofs": "the history against the daemon's own log",
    "safety": "the hostile side of the protocol",
}

# Sources without a test file of their own.
UNTESTED: dict[str, str] = {}

# Test files without a source file of their own.
SOURCELESS = {
    "packages/aiofail2ban/tests/commands/test_parsers.py": "all captured replies through all parsers",
    "packages/aiofail2ban/tests/test_captured_replies.py": "real replies against the whole way of decoding",
    "packages/aiofail2ban/tests/test_every_command.py": "what holds for every typed method",
    "packages/aiofail2ban/tests/test_faults.py": "streams that break anywhere, against the whole client",
    "packages/aiofail2ban/tests/test_forgotten_clients.py": "clients without an owner, as programs of their own",
    "packages/bangui/tests/test_memory.py": "the gateway in memory that other tests stand on",
    "packages/bangui/tests/test_postgres.py": "the PostgreSQL server that other tests stand on",
    "packages/bangui/tests/test_postgres_programs.py": "the programs that it is started from",
}


def read_sources(package: Path) -> dict[PurePosixPath, Path]:
    """Map the test path that each module of a package must have to the module's file."""
    root = package / "src" / package.name
    found: dict[PurePosixPath, Path] = {}
    for file in sorted(root.rglob("*.py")):
        # Names of modules and nothing else: __init__ holds no logic, __main__ is one line.
        if file.name in {"__init__.py", "__main__.py"}:
            continue
        place = PurePosixPath(file.relative_to(root).as_posix())
        parts = [part.lstrip("_") for part in place.parts]
        found[PurePosixPath(*parts[:-1], f"test_{parts[-1]}")] = file
    return found


def read_tests(package: Path) -> dict[PurePosixPath, Path]:
    """Map the path below `tests` of each test file that mirrors a module to the file."""
    root = package / "tests"
    places = ((PurePosixPath(file.relative_to(root).as_posix()), file) for file in sorted(root.rglob("test_*.py")))
    return {place: file for place, file in places if not SUBJECT_FOLDERS.keys() & set(place.parts)}


def only_declares(source: str) -> bool:
    """Whether a module has no function with anything to run in it."""
    functions = (
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    # A docstring and `...` are both constants.
    return all(
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        for function in functions
        for statement in function.body
    )


def find_differences(root: Path) -> Iterator[str]:
    """Yield one sentence for each file without its counterpart, and for each exception that is none."""
    excused: set[str] = set()
    for name in PACKAGES:
        package = root / "packages" / name
        sources, tests = read_sources(package), read_tests(package)
        for place in sorted(sources.keys() - tests.keys()):
            file = sources[place].relative_to(root).as_posix()
            if file in UNTESTED:
                excused.add(file)
            elif not only_declares(sources[place].read_text(encoding="utf-8")):
                yield f"{file} has no tests/{place}"
        for place in sorted(tests.keys() - sources.keys()):
            file = tests[place].relative_to(root).as_posix()
            if file in SOURCELESS:
                excused.add(file)
            else:
                yield f"{file} tests no module of that name"
    for file in sorted((UNTESTED.keys() | SOURCELESS.keys()) - excused):
        yield f"{file} is an exception in tools/check_mirror.py that is not needed"


def main() -> int:
    """Print what differs; the exit status is 1 when anything does."""
    differences = list(find_differences(Path(__file__).parents[1]))
    for line in differences:
        print(line)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
