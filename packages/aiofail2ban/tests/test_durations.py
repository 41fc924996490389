from __future__ import annotations

import contextlib
import json
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiofail2ban._durations import _SECONDS, format_duration, parse_duration
from aiofail2ban.testing import Fail2BanInstallation


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("600", 600),
        ("10m", 600),
        ("1h 30m", 5400),
        ("1d12h", 129600),
        ("1w2d", 777600),
        ("1mo", 2629800),
        ("1y6mo", 47336400),
        ("1.5h", 5400),
        ("0.1h", 360),
        (".5h", 1800),
        ("1h-10m", 3000),
        ("60*10", 600),
        ("-1", -1),
        ("1h30", 3630),
        ("1M", 60),
        ("1HOUR", 3600),
        ("1 year - 6 mo", 15778800),
        ("(1h + 30m) * 2", 10800),
        ("1h / 2", 1800),
        ("1 / 2 h", 1800),
        ("  5 minutes  ", 300),
        ("60 10", 70),
    ],
)
def test_what_fail2ban_understands(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "forever",
        "010",
        "1e3",
        "10x",
        "h",
        "1h +",
        "(1h",
        "1h)",
        "1 // 2",
        "2 ** 3",
        "1h,",
        "5/0",
        "0.5",
        "1" * 201,
        "__import__('os').getpid()",
        "١h",
        "(" * 150,
        "1m\x00",
        "(1) 2",
    ],
)
def test_what_fail2ban_does_not_understand_or_what_is_not_whole_seconds(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_duration(text)


@given(st.integers(min_value=0, max_value=10**12))
def test_a_written_duration_reads_back(seconds: int) -> None:
    assert parse_duration(format_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (59, "59s"), (5400, "1h 30m"), (777600, "1w 2d"), (90061, "1d 1h 1m 1s")]
)
def test_a_duration_is_written_in_its_usual_units(seconds: int, text: str) -> None:
    assert format_duration(seconds) == text


def test_for_ever_is_not_a_span() -> None:
    with pytest.raises(ValueError, match="not negative"):
        format_duration(-1)


@given(st.text())
def test_any_text_is_a_duration_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(parse_duration(text), int)


ASK = """
import json, sys
from fail2ban.server.mytime import MyTime
print(json.dumps([MyTime.str2seconds(text) for text in json.load(sys.stdin)]))
"""


@pytest.mark.daemon
def test_fail2ban_itself_comes_to_the_same_result(installation: Fail2BanInstallation) -> None:
    """Every unit in every spelling, alone and combined, evaluated by the daemon's own code of every version."""
    texts = [f"{number}{gap}{unit}" for number in ("1", "2.5", "10") for gap in ("", " ") for unit in _SECONDS]
    texts += [text.upper() for text in texts]
    texts += [f"{first}{gap}{second}" for first in texts[:40] for gap in (" ", "-", "+") for second in texts[40:60:3]]
    texts += ["1h30", "1d12h", "60*10", "(1h + 30m) * 2", "1 / 2 h", "60 10", "1y6mo", "-1", "- 5m", "2*3m 4s"]
    done = subprocess.run(
        ["/usr/bin/python3", "-c", ASK],
        input=json.dumps(texts),
        env=dict(installation.environment),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    theirs = dict(zip(texts, json.loads(done.stdout), strict=True))
    for text, seconds in theirs.items():
        if abs(seconds - round(seconds)) < 1e-6:
            assert parse_duration(text) == round(seconds), text
        else:
            with pytest.raises(ValueError, match="whole number"):
                parse_duration(text)
