from __future__ import annotations

from bench.timings import Timing, Timings, measure_yardstick, percentile


def test_a_percentile_is_a_time_that_was_measured() -> None:
    times = [0.004, 0.001, 0.003, 0.002]

    assert percentile(times, 0.5) == 0.002
    assert percentile(times, 0.95) == 0.004
    assert percentile(times, 0.0) == 0.001
    assert percentile([0.007], 0.95) == 0.007


def test_the_slowest_five_of_a_hundred_do_not_count() -> None:
    times = [*(0.001 for _ in range(95)), *(9.0 for _ in range(5))]

    assert percentile(times, 0.95) == 0.001


def test_the_yardstick_takes_some_time_everywhere() -> None:
    assert 0 < measure_yardstick() < 60


def test_timings_keep_their_kinds_in_order() -> None:
    timings = Timings("questions", (Timing("b", [1.0]), Timing("a", [2.0], [3.0])), 0.5)

    assert [timing.name for timing in timings.timings] == ["b", "a"]
