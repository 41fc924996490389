"""What the forms of the allow list send: read, checked, and said again where it cannot be meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bangui.domain.addresses import Address
from bangui.domain.allow_notes import LONGEST_NOTE
from bangui.domain.allow_warnings import allow_warning
from bangui.domain.errors import InvalidInput
from bangui.domain.moments import parse_duration
from bangui.domain.pasted import parse_pasted
from bangui.services.allow_changes import MOST_AT_ONCE, NewAllowed
from bangui.web.allow_contexts import AllowForm, Caution
from bangui.web.forms import FormValues
from bangui.web.history_contexts import Choice
from bangui.web.history_query import ADDRESS_PATH, FieldProblem
from bangui.web.language import gettext as _
from bangui.web.language import ngettext, said
from bangui.web.text import visible

_LONGEST_DURATION = 60
_LONGEST_JAIL = 300
_MOST_JAILS = 1_000
_MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Addition:
    """A form as it was sent, and what it asks for; None where it cannot be meant or has to be insisted on."""

    form: AllowForm
    new: NewAllowed | None


def read_addition(values: FormValues) -> Addition:
    """Return what a form asks for; its jails are looked at by whoever knows which there are."""
    problems: dict[str, FieldProblem] = {}
    typed = "\n".join(values.texts("entry"))
    entries = _entries(typed, problems)
    seconds = _seconds(values.text("duration"), problems)
    note = values.text("note").replace("\r\n", "\n")
    if len(note) > LONGEST_NOTE:
        problems["note"] = FieldProblem(
            _("this is too long"), _("at most %(most)s characters fit here") % {"most": LONGEST_NOTE}
        )
    jails = tuple(jail for jail in values.texts("jail")[:_MOST_JAILS] if jail)
    cautions = tuple(Caution(entry.text, warning) for entry in entries if (warning := allow_warning(entry)) is not None)
    must_confirm = bool(cautions) and not values.flag("confirm")
    form = AllowForm(
        entry=typed,
        note=note,
        duration=values.text("duration"),
        lifts_bans=values.flag("unban"),
        jails=tuple(Choice(jail, jail, is_chosen=True) for jail in jails),
        problems=problems,
        cautions=cautions if must_confirm and not problems else (),
        is_open=True,
        back=back_path(values.text("back")),
    )
    if problems or must_confirm:
        return Addition(form, None)
    return Addition(form, NewAllowed(entries, jails, note, seconds, form.lifts_bans))


def with_choices(form: AllowForm, jails: Sequence[str]) -> AllowForm:
    """Return the form with all jails to choose from; one that was chosen and does not run stays, as a mistake."""
    chosen = {choice.value for choice in form.jails}
    choices = [Choice(jail, jail, jail in chosen) for jail in jails]
    unknown = [choice for choice in form.jails if choice.value not in jails]
    return replace(form, jails=(*choices, *unknown))


def back_path(text: str) -> str:
    """Return the page of an address that a form was sent from; empty for anything else."""
    return text if text.startswith(f"{ADDRESS_PATH}?") and text.isascii() and text.isprintable() else ""


def removal_jails(values: FormValues) -> tuple[str, ...]:
    """Return the jails that a removal names."""
    return tuple(jail[:_LONGEST_JAIL] for jail in values.texts("jail")[:_MOST_JAILS] if jail)


def removal_entries(values: FormValues) -> tuple[str, ...]:
    """Return the entries that a removal names, each once."""
    return tuple(dict.fromkeys(entry for entry in values.texts("entry")[:MOST_AT_ONCE] if entry))


def _entries(typed: str, problems: dict[str, FieldProblem]) -> tuple[Address, ...]:
    try:
        pasted = parse_pasted(typed, MOST_AT_ONCE)
    except InvalidInput as error:
        problems["entry"] = FieldProblem(said(error.message), said(error.hint))
        return ()
    if pasted.problems:
        told = [visible(said(problem.problem), 200) for problem in pasted.problems[:_MOST_TOLD]]
        if pasted.wrong > len(told):
            more = pasted.wrong - len(told)
            told.append(ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more})
        problems["entry"] = FieldProblem("; ".join(told), said(pasted.problems[0].hint))
        return ()
    if not pasted.entries:
        problems["entry"] = FieldProblem(_("no address is given"), _("write one address or network on each line"))
    return tuple(entry.address for entry in pasted.entries)


def _seconds(text: str, problems: dict[str, FieldProblem]) -> int | None:
    if not text:
        return None
    try:
        if len(text) <= _LONGEST_DURATION:
            return parse_duration(text)
        problems["duration"] = FieldProblem(_("this is too long"))
    except InvalidInput as error:
        problems["duration"] = FieldProblem(said(error.message), said(error.hint))
    return None
