"""What is told after bans and unbans by hand, and what takes them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bangui.domain.addresses import parse_address
from bangui.domain.ban_wishes import BanChange, BanReport, UnbanReport
from bangui.domain.durations import duration_in_words
from bangui.domain.errors import BanGUIError, InvalidInput
from bangui.domain.outcomes import BanResult
from bangui.web.ban_values import ban_value
from bangui.web.language import gettext as _
from bangui.web.language import ngettext, said
from bangui.web.notices import Notice, Tone, Undo
from bangui.web.text import visible
from bangui.web.words import count

BAN_PATH = "/bans/ban"
UNBAN_PATH = "/bans/unban"

MOST_TAKEN_BACK = 1_000
"""More bans are not taken back by one button: they would have to wait in the memory of the server."""
_MOST_FAILURES = 5


def banned_notice(reports: Sequence[BanReport], back: str = "") -> Notice:
    """Return what came of wishes, the undo being an unban of what was newly banned."""
    banned = [one for report in reports for one in report.with_result(BanResult.BANNED)]
    already = [one for report in reports for one in report.with_result(BanResult.ALREADY_BANNED)]
    failed = [one for report in reports for one in report.with_result(BanResult.FAILED)]
    stopped_by = next((report.stopped_by for report in reports if report.stopped_by), None)
    seconds = reports[0].wish.seconds if reports else None
    details = [_already_text(already)] if banned and already else []
    details += _duration_details(len(banned), len(already), seconds)
    details += _failures([(one.id, one.jail, one.problem or "") for one in failed])
    details += _stopped(stopped_by)
    undo = None
    if banned and len(banned) <= MOST_TAKEN_BACK:
        fields = [("ban", ban_value(one.jail, one.id)) for one in banned]
        undo = Undo(_("Undo"), UNBAN_PATH, (*fields, ("confirm", "yes"), *_back(back)))
    return Notice(_banned_text(banned, already), _tone(failed or stopped_by, banned or already), details, undo)


def unbanned_notice(report: UnbanReport, back: str = "") -> Notice:
    """Return what came of unbans, the undo being a ban of the addresses that were banned before."""
    details = list(_failures([(one.id, one.jail or "", one.problem or "") for one in report.failed]))
    details += _stopped(report.stopped_by)
    if report.lifted and not report.failed:
        details.append(_("fail2ban forgets its earlier bans as well, so a ban time that grows starts anew."))
    undo = None
    pairs = [pair for pair in report.bans if _is_address(pair[1])]
    if pairs and len(pairs) == report.lifted and len(pairs) <= MOST_TAKEN_BACK:
        fields = [("ban", ban_value(jail, id)) for jail, id in pairs]
        undo = Undo(_("Ban again"), BAN_PATH, (*fields, *_back(back)))
        if report.timed:
            details.append(_("“Ban again” bans as long as the jail does, without the duration that there was."))
    return Notice(_unbanned_text(report), _tone(report.failed or report.stopped_by, report.lifted), details, undo)


def _banned_text(banned: Sequence[BanChange], already: Sequence[BanChange]) -> str:
    if banned:
        text = ngettext(
            "%(id)s is banned in %(jails)s.", "%(count)s addresses are banned in %(jails)s.", _ids_in(banned)
        )
    elif already:
        text = ngettext(
            "%(id)s was banned already in %(jails)s.",
            "%(count)s addresses were banned already in %(jails)s.",
            _ids_in(already),
        )
    else:
        return _("Nothing was banned.")
    changes = banned or already
    jails = _names(change.jail for change in changes)
    return text % {"id": visible(changes[0].id, 60), "count": count(_ids_in(changes)), "jails": jails}


def _duration_details(banned: int, already: int, seconds: int | None) -> Iterator[str]:
    if seconds is None:
        return
    words = {"duration": duration_in_words(seconds)}
    if banned:
        yield (
            ngettext("BanGUI ends the ban after %(duration)s.", "BanGUI ends the bans after %(duration)s.", banned)
            % words
        )
    if already:
        yield (
            ngettext(
                "BanGUI keeps up the ban that was there for %(duration)s from now; it never becomes shorter.",
                "BanGUI keeps up the bans that were there for %(duration)s from now; they never become shorter.",
                already,
            )
            % words
        )


def _already_text(already: Sequence[BanChange]) -> str:
    text = ngettext(
        "%(count)s was banned already in %(jails)s.", "%(count)s were banned already in %(jails)s.", len(already)
    )
    return text % {"count": count(len(already)), "jails": _names(change.jail for change in already)}


def _unbanned_text(report: UnbanReport) -> str:
    if not report.lifted:
        return _("Nothing was unbanned: no such ban was in force.") if not report.failed else _("Nothing was unbanned.")
    lifted = [change for change in report.changes if change.lifted]
    if len(lifted) == 1 and lifted[0].jails:
        text = _("%(id)s is no longer banned in %(jails)s.")
        return text % {"id": visible(lifted[0].id, 60), "jails": _names(lifted[0].jails)}
    text = ngettext("%(count)s ban was lifted.", "%(count)s bans were lifted.", report.lifted)
    return text % {"count": count(report.lifted)}


def _failures(failures: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    for id, jail, problem in failures[:_MOST_FAILURES]:
        where = visible(f"{id}, {jail}" if jail else id, 120)
        yield f"{where}: {visible(said(problem), 300)}"
    more = len(failures) - _MOST_FAILURES
    if more > 0:
        yield ngettext("and %(count)s more", "and %(count)s more", more) % {"count": count(more)}


def _stopped(error: BanGUIError | None) -> Iterator[str]:
    if error is not None:
        problem = visible(said(error.message), 300)
        yield _("Not everything was done: %(problem)s. What is told here is in force.") % {"problem": problem}


def _tone(trouble: object, done: object) -> Tone:
    if trouble:
        return Tone.LOOK if done else Tone.PROBLEM
    return Tone.DONE if done else Tone.LOOK


def _ids_in(changes: Sequence[BanChange]) -> int:
    return len({change.id for change in changes})


def _names(jails: Iterable[str]) -> str:
    return visible(", ".join(dict.fromkeys(jails)), 300)


def _back(back: str) -> tuple[tuple[str, str], ...]:
    return (("back", back),) if back else ()


def _is_address(id: str) -> bool:
    try:
        return parse_address(id).text == id
    except InvalidInput:
        return False
