from __future__ import annotations

from bangui.domain.addresses import parse_address
from bangui.services.allow_changes import AllowAdded, AllowFailure, AllowRemoved, NewAllowed
from bangui.web.allow_notices import added_notice, removed_notice
from bangui.web.notices import Tone

ONE = parse_address("192.0.2.1")
FAILURES = tuple(AllowFailure(f"jail {number}", "192.0.2.1", "no") for number in range(7))


def added(
    *, known_in: tuple[str, ...] = (), failures: tuple[AllowFailure, ...] = (), is_new: bool = True
) -> AllowAdded:
    return AllowAdded(("192.0.2.1",), ("a", "b"), known_in, failures, 0, is_new)


def removed(undo: NewAllowed | None = None, failures: tuple[AllowFailure, ...] = ()) -> AllowRemoved:
    return AllowRemoved("192.0.2.1", ("a",), ("a",), failures, undo)


def test_an_addition_is_told_and_can_be_taken_back() -> None:
    notice = added_notice(added(), NewAllowed((ONE,), lifts_bans=True))
    assert (notice.text, notice.tone) == ("192.0.2.1 is allowed in every jail from now on.", Tone.DONE)
    assert notice.details == ("After a restart of fail2ban BanGUI puts it back.",)
    assert notice.undo is not None
    assert (notice.undo.path, notice.undo.fields) == (
        "/allow-list/remove",
        (("entry", "192.0.2.1"), ("confirm", "yes")),
    )


def test_what_was_there_before_is_not_taken_away_by_an_undo() -> None:
    notice = added_notice(added(known_in=("a",), is_new=False), NewAllowed((ONE,), ("a", "b")))
    assert notice.text == "192.0.2.1 is allowed from now on in: a, b."
    assert "already in: a." in " ".join(notice.details)
    assert notice.undo is None


def test_what_failed_is_told_up_to_a_number() -> None:
    notice = added_notice(added(failures=FAILURES), NewAllowed((ONE,)))
    assert notice.tone is Tone.LOOK
    assert "192.0.2.1, jail 4: no" in notice.details
    assert "and 2 more" in notice.details
    assert notice.details[-1] == "BanGUI tries it again every few seconds."


def test_a_removal_is_taken_back_as_it_was() -> None:
    notice = removed_notice([removed(NewAllowed((ONE,), ("a",), "office", 60))])
    assert notice.text == "192.0.2.1 is no longer allowed."
    assert "comes back when fail2ban is reloaded, in: a." in notice.details[0]
    assert notice.undo is not None
    assert notice.undo.fields == (
        ("entry", "192.0.2.1"),
        ("jail", "a"),
        ("note", "office"),
        ("duration", "60s"),
        ("confirm", "yes"),
    )


def test_of_several_removals_or_of_one_that_failed_there_is_no_undo() -> None:
    undo = NewAllowed((ONE,))
    assert removed_notice([removed(undo), removed(undo)]).undo is None
    failed = removed_notice([removed(undo, FAILURES[:1])])
    assert (failed.undo, failed.tone) == (None, Tone.LOOK)
