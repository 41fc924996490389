"""What is told after the allow list was changed, and what takes the change back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bangui.services.allow_changes import AllowAdded, AllowFailure, AllowRemoved, NewAllowed
from bangui.web.allow_query import ADD_PATH, REMOVE_PATH
from bangui.web.language import gettext as _
from bangui.web.language import ngettext, said
from bangui.web.notices import Notice, Tone, Undo
from bangui.web.text import visible

_MOST_FAILURES = 5


def added_notice(added: AllowAdded, new: NewAllowed) -> Notice:
    """Return what came of an addition."""
    undo = None
    if added.is_new:
        fields = [*(("entry", entry) for entry in added.entries), *(("jail", jail) for jail in new.jails)]
        undo = Undo(_("Undo"), REMOVE_PATH, (*fields, ("confirm", "yes")))
    return Notice(
        _added_text(added, new),
        Tone.LOOK if added.failures else Tone.DONE,
        tuple(_added_details(added, new)),
        undo,
    )


def _added_text(added: AllowAdded, new: NewAllowed) -> str:
    count = len(added.entries)
    if new.jails:
        text = ngettext(
            "%(entry)s is allowed from now on in: %(jails)s.",
            "%(count)s entries are allowed from now on in: %(jails)s.",
            count,
        )
    else:
        text = ngettext(
            "%(entry)s is allowed in every jail from now on.",
            "%(count)s entries are allowed in every jail from now on.",
            count,
        )
    return text % {"entry": added.entries[0], "count": count, "jails": _names(added.jails)}


def _added_details(added: AllowAdded, new: NewAllowed) -> Iterator[str]:
    yield ngettext(
        "After a restart of fail2ban BanGUI puts it back.",
        "After a restart of fail2ban BanGUI puts them back.",
        len(added.entries),
    )
    if added.known_in:
        jails = _names(added.known_in)
        yield _("The configuration of fail2ban allows it already in: %(jails)s. There it stays.") % {"jails": jails}
    if added.lifted:
        yield ngettext("%(count)s ban was lifted.", "%(count)s bans were lifted.", added.lifted) % {
            "count": added.lifted
        }
    elif not new.lifts_bans:
        yield _("Bans that are in force stay until they end or are lifted.")
    yield from _failures(added.failures)
    if added.failures:
        yield _("BanGUI tries it again every few seconds.")


def removed_notice(removed: Sequence[AllowRemoved]) -> Notice:
    """Return what came of a removal of one or more entries."""
    count = len(removed)
    text = ngettext("%(entry)s is no longer allowed.", "%(count)s entries are no longer allowed.", count)
    failures = tuple(failure for one in removed for failure in one.failures)
    returns = tuple(dict.fromkeys(jail for one in removed for jail in one.returns_in))
    details = list(_failures(failures))
    if returns:
        details.append(
            _("It stands in the configuration of fail2ban and comes back when fail2ban is reloaded, in: %(jails)s.")
            % {"jails": _names(returns)}
        )
    return Notice(
        text % {"entry": removed[0].entry, "count": count},
        Tone.LOOK if failures else Tone.DONE,
        tuple(details),
        _undo(removed) if not failures else None,
    )


def _undo(removed: Sequence[AllowRemoved]) -> Undo | None:
    """Return the form that adds again what was removed; there is one form, so only one entry fits in it."""
    new = removed[0].undo if len(removed) == 1 else None
    if new is None:
        return None
    fields = [("entry", new.entries[0].text), *(("jail", jail) for jail in new.jails)]
    fields += [("note", new.note)] if new.note else []
    fields += [("duration", f"{new.seconds}s")] if new.seconds is not None else []
    return Undo(_("Undo"), ADD_PATH, (*fields, ("confirm", "yes")))


def _failures(failures: Sequence[AllowFailure]) -> Iterator[str]:
    for failure in failures[:_MOST_FAILURES]:
        yield f"{failure.entry}, {failure.jail}: {said(failure.problem)}"
    more = len(failures) - _MOST_FAILURES
    if more > 0:
        yield ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more}


def _names(jails: Sequence[str]) -> str:
    return visible(", ".join(jails), 300)
