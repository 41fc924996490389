from __future__ import annotations

from pathlib import Path

import pytest

from bench.effort import FULL, QUICK
from bench.options import SUITES, parse_options
from bench.sections import ALL_SECTIONS


def test_everything_is_measured_on_one_version_unless_told_otherwise() -> None:
    options = parse_options([])

    assert options.sections == ALL_SECTIONS
    assert options.suites == ("bookworm",)
    assert options.effort is FULL
    assert options.markdown is None


def test_sections_versions_and_effort_can_be_chosen() -> None:
    options = parse_options(["pings", "soak", "--suite", "all", "--quick", "--markdown", "out.md"])

    assert options.sections == ("pings", "soak")
    assert options.suites == SUITES
    assert options.effort is QUICK
    assert options.markdown == Path("out.md")
    assert options.command == "script/bench pings soak --suite all --quick --markdown out.md"


def test_a_misspelt_section_is_refused_with_the_ones_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_options(["ping"])

    assert "pings, replies" in capsys.readouterr().err
