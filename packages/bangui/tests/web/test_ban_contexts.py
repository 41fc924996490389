from bangui.web.ban_contexts import BanReview, RemarkedId, RemarkedIds, UnbanQuestion


def test_what_is_not_shown_is_counted() -> None:
    assert RemarkedIds((RemarkedId("a", ()),), 5).more == 4
    assert UnbanQuestion(3, (("a", "sshd"),), ()).more == 2


def test_the_others_are_those_that_nothing_speaks_against() -> None:
    nothing = RemarkedIds()
    assert BanReview(10, ("a",), (), None, RemarkedIds((), 4), nothing, nothing, nothing, 0).others == 6
