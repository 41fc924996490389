"""A module that comes with its first use."""

import subprocess
import sys


def run(script: str) -> str:
    """Run a script in a Python of its own, where nothing is imported yet."""
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


PREPARE = "import sys; from bangui.quick_start import LateModule, import_late; import_late('inspect'); "


def test_importing_it_imports_nothing() -> None:
    assert run(f"{PREPARE} import inspect; print('tokenize' in sys.modules, type(inspect).__name__)") == (
        "False LateModule"
    )


def test_its_first_use_brings_the_real_module_to_everybody() -> None:
    script = (
        f"{PREPARE} import inspect as early; print(early.isfunction(print)); import inspect; print(inspect.__file__)"
    )
    answer, file = run(script).splitlines()
    assert answer == "False"
    assert file.endswith("inspect.py")


def test_a_name_that_it_does_not_have_is_an_attribute_error() -> None:
    script = f"""{PREPARE}
import inspect
try:
    inspect.no_such_thing
except AttributeError as error:
    print(error)
"""
    assert "no_such_thing" in run(script)


def test_a_module_that_is_there_stays() -> None:
    assert (
        run(
            "import inspect; from bangui.quick_start import import_late; import_late('inspect'); import sys; "
            "print(sys.modules['inspect'] is inspect)"
        )
        == "True"
    )


def test_dataclasses_asyncio_and_warnings_work_with_it() -> None:
    script = f"""{PREPARE}
from dataclasses import dataclass

@dataclass(frozen=True, slots=True)
class Point:
    x: int = 0

import asyncio
async def main():
    return Point(1)
print(asyncio.run(main()), Point.__doc__)
"""
    assert run(script) == "Point(x=1) Point(x: int = 0)"
