"""What the forms of a jail do: each is one change, and answers with the page that shows what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from bangui.domain.errors import BanGUIError, InvalidInput, OperationRefused, UnknownJail
from bangui.domain.setting_values import SettingChange
from bangui.services.jail_changes import JailChanges
from bangui.web.access import caller_of
from bangui.web.forms import form_of
from bangui.web.jail_view import Tried
from bangui.web.jails_words import JAIL_PATH, JAILS_PATH, jail_path, value_words
from bangui.web.language import gettext as _
from bangui.web.language import ngettext
from bangui.web.notices import Notice, Tone, Undo, done

Show = Callable[[Request, str, Tried | None], Awaitable[Response]]


class JailForms:
    """The forms of one jail; `show` makes its page again where something cannot be."""

    def __init__(self, changes: JailChanges, show: Show) -> None:
        self._changes = changes
        self._show = show

    async def set(self, request: Request) -> Response:
        """Change a setting."""
        form, actor = form_of(request), caller_of(request).actor
        jail, setting, typed = form.raw("name"), form.text("setting"), form.text("value")
        try:
            change = await self._changes.set_value(actor, jail, setting, typed)
        except UnknownJail:
            raise
        except (InvalidInput, OperationRefused) as error:
            return await self._show(request, jail, Tried(setting, typed, error))
        return done(request, jail_path(jail), _told(change))

    async def idle(self, request: Request) -> Response:
        """Pause a jail, or let it go on."""
        form, actor = form_of(request), caller_of(request).actor
        jail = form.raw("name")
        if form.text("state") == "on":
            await self._changes.pause(actor, jail)
            text = _("%(jail)s is paused: it bans nobody until it is resumed, or fail2ban restarted or reloaded.")
            # The page that it is told on has the way back.
            return done(request, jail_path(jail), Notice(text % {"jail": jail}, Tone.LOOK))
        await self._changes.resume(actor, jail)
        return done(request, jail_path(jail), Notice(_("%(jail)s goes on.") % {"jail": jail}))

    async def stop(self, request: Request) -> Response:
        """Stop a jail."""
        form, actor = form_of(request), caller_of(request).actor
        jail = form.raw("name")
        bans = await self._changes.stop(actor, jail)
        text = ngettext(
            "%(jail)s is stopped, and %(count)s ban was lifted. A restart or reload of fail2ban brings it back.",
            "%(jail)s is stopped, and %(count)s bans were lifted. A restart or reload of fail2ban brings it back.",
            bans,
        )
        return done(request, JAILS_PATH, Notice(text % {"jail": jail, "count": bans}, Tone.LOOK))

    async def start(self, request: Request) -> Response:
        """Start a jail that fail2ban has."""
        form, actor = form_of(request), caller_of(request).actor
        jail = form.raw("name")
        await self._changes.start(actor, jail)
        return done(request, jail_path(jail), Notice(_("%(jail)s runs.") % {"jail": jail}))


def _told(change: SettingChange) -> Notice:
    setting = change.setting
    values = {
        "jail": change.jail,
        "setting": setting.name,
        "before": value_words(setting, change.before),
        "after": value_words(setting, change.after),
    }
    if change.before == change.after:
        return Notice(_("%(jail)s: %(setting)s was %(after)s already.") % values)
    text = _(
        "%(jail)s: %(setting)s is now %(after)s, it was %(before)s. This holds until fail2ban is restarted or reloaded."
    )
    return Notice(text % values, undo=_undo(change, values["before"]))


def _undo(change: SettingChange, before: str) -> Undo | None:
    written = change.setting.written(change.before)
    try:
        change.setting.read(written)
    except BanGUIError:
        return None  # it was not set, and cannot be unset
    fields = (("name", change.jail), ("setting", change.setting.name), ("value", written))
    return Undo(_("Set it back to %(value)s") % {"value": before}, f"{JAIL_PATH}/set", fields)
