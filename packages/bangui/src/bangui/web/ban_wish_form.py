"""What the form of a ban sends: read, checked, and shown again where it cannot be meant."""

from __future__ import annotations

from dataclasses import dataclass

from bangui.domain.ban_wishes import BanWish, clean_reason, make_wish
from bangui.domain.errors import InvalidInput
from bangui.domain.moments import parse_duration
from bangui.domain.pasted import Pasted, parse_pasted
from bangui.web.ban_contexts import BanForm, ListProblem
from bangui.web.forms import FormValues
from bangui.web.history_query import ADDRESS_PATH, FieldProblem
from bangui.web.language import gettext as _
from bangui.web.language import said

BANS_PATH = "/bans"
LONGEST_LIST = 600_000
"""In characters: ten thousand of the longest networks."""
_LONGEST_DURATION = 60
_LONGEST_BACK = 2_000
_MOST_JAILS = 1_000
_LINES_TOLD = 20


@dataclass(frozen=True, slots=True)
class AskedBan:
    """A form as it was sent, and what it asks for; None where it cannot be meant."""

    form: BanForm
    wish: BanWish | None


def read_ban_form(values: FormValues) -> AskedBan:
    """Return what a form asks for; its jails are looked at by whoever knows which there are."""
    problems: dict[str, FieldProblem] = {}
    typed = "\n".join(values.texts("ids")).replace("\r\n", "\n")
    pasted = _pasted(typed, problems)
    reason = _reason(values.text("reason"), problems)
    seconds = _seconds(values.text("duration"), problems)
    jails = tuple(jail for jail in values.texts("jail")[:_MOST_JAILS] if jail)
    if not jails:
        problems["jail"] = FieldProblem(_("no jail is chosen"), _("choose at least one"))
    wish = None
    if not problems:
        try:
            wish = make_wish(pasted.ids, jails, reason, seconds)
        except InvalidInput as error:
            problems["duration" if seconds is not None else "ids"] = FieldProblem(said(error.message), said(error.hint))
    lines = tuple(ListProblem(one.line, said(one.problem), said(one.hint)) for one in pasted.problems[:_LINES_TOLD])
    form = BanForm(
        typed[:LONGEST_LIST],
        jails,
        values.text("reason"),
        values.text("duration"),
        problems,
        lines,
        pasted.wrong - len(lines),
        back_path(values.text("back")),
    )
    return AskedBan(form, wish)


def back_path(text: str) -> str:
    """Return the page of ours that a form was sent from, if it is one to go back to; else nothing."""
    is_plain = text.isascii() and text.isprintable() and len(text) <= _LONGEST_BACK
    begins = text == BANS_PATH or text.startswith((f"{BANS_PATH}?", f"{ADDRESS_PATH}?"))
    return text if is_plain and begins else ""


def _pasted(typed: str, problems: dict[str, FieldProblem]) -> Pasted:
    try:
        if len(typed) > LONGEST_LIST:
            raise InvalidInput(_("the list is too long"), _("paste it in parts"))
        pasted = parse_pasted(typed)
    except InvalidInput as error:
        problems["ids"] = FieldProblem(said(error.message), said(error.hint))
        return Pasted(())
    if pasted.wrong:
        problems["ids"] = FieldProblem(_("nothing was banned: not everything in it is an address"))
    elif not pasted.entries:
        problems["ids"] = FieldProblem(_("no address is given"), _("write one address or network on each line"))
    return pasted


def _reason(text: str, problems: dict[str, FieldProblem]) -> str:
    try:
        return clean_reason(text)
    except InvalidInput as error:
        problems["reason"] = FieldProblem(said(error.message), said(error.hint))
        return ""


def _seconds(text: str, problems: dict[str, FieldProblem]) -> int | None:
    if not text:
        return None
    try:
        if len(text) > _LONGEST_DURATION:
            raise InvalidInput(_("this is too long"))
        return parse_duration(text)
    except InvalidInput as error:
        problems["duration"] = FieldProblem(said(error.message), said(error.hint))
        return None
