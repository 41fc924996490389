from bangui.web.contexts import DayView, RankedRow, Ranking


def day(*rankings: Ranking) -> DayView:
    return DayView(None, rankings, (), ())


def test_a_day_has_bans_where_anybody_is_ranked() -> None:
    row = RankedRow("key", "sshd", None, 3)
    assert day(Ranking("jails", "Jails", ()), Ranking("countries", "Countries", (row,))).has_bans
    assert not day(Ranking("jails", "Jails", ())).has_bans
