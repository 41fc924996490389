"""What came of a change, told on the next page that whoever made it sees.

A change answers with a redirection, so that reloading the page does not make it again; what there is to say waits here
meanwhile, for the session or the browser that asked. It is short, kept in memory, and told once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response

from bangui.web.access import known_caller

_MOST = 500
_MOST_DETAILS = 20


class Tone(Enum):
    """How a notice looks."""

    DONE = "done"
    LOOK = "look"
    """Done, or done in part, with something to look at."""
    PROBLEM = "danger"


@dataclass(frozen=True, slots=True)
class Undo:
    """A form with one button: what it says, where it goes, and its fields."""

    label: str
    path: str
    fields: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told. `text` and `details` are plain text in which ids of attackers may stand; pages show them inert."""

    text: str
    tone: Tone = Tone.DONE
    details: Sequence[str] = ()
    undo: Undo | None = None


class Notices:
    """What waits to be told, by the token of whose forms it is for; `base_path` as in `WebSettings`."""

    def __init__(self, base_path: str = "") -> None:
        self.base_path = base_path
        self._waiting: OrderedDict[str, Notice] = OrderedDict()

    def leave(self, connection: HTTPConnection, notice: Notice) -> None:
        """Tell it on the next page."""
        caller = known_caller(connection)
        if caller is None or not caller.form_token:
            return
        self._waiting[caller.form_token] = Notice(
            notice.text, notice.tone, tuple(notice.details[:_MOST_DETAILS]), notice.undo
        )
        self._waiting.move_to_end(caller.form_token)
        while len(self._waiting) > _MOST:
            self._waiting.popitem(last=False)

    def take(self, connection: HTTPConnection) -> Notice | None:
        """Return what is to be told now."""
        caller = known_caller(connection)
        return None if caller is None else self._waiting.pop(caller.form_token, None)


def done(connection: HTTPConnection, path: str, notice: Notice | None = None) -> Response:
    """Answer a change: go on to a page of ours (without base path), and tell there what came of it."""
    notices = connection.state.notices
    if not isinstance(notices, Notices):
        raise TypeError("this request has not passed the gate")
    if notice is not None:
        notices.leave(connection, notice)
    return RedirectResponse(f"{notices.base_path}{path}", 303)
