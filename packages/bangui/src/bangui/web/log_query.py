"""The address of a view of a log: which log, and which of its lines.

A log is named by its key, which only the list of the daemon's logs can turn into a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from bangui.services.log_lines import LEVELS, LineFilter
from bangui.web.errors import Problem, WebError
from bangui.web.language import gettext as _

LOG_PATH = "/log"
STREAM_PATH = "/log/lines"
LONGEST_TEXT = 300
_LONGEST_OTHER = 40


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What a view of a log shows; an empty `file` is the first one, an empty `level` every level."""

    file: str = ""
    text: str = ""
    level: str = ""
    is_marked_only: bool = False

    @property
    def filter(self) -> LineFilter:
        """Which lines are shown."""
        return LineFilter(self.text, self.level, self.is_marked_only)


def read_log_query(parameters: Mapping[str, str]) -> LogQuery:
    """Return the view that a URL asks for; parameters that are not about logs are ignored."""
    file, level = parameters.get("file", "").strip(), parameters.get("level", "").strip().upper()
    text = parameters.get("q", "").strip()
    if len(text) > LONGEST_TEXT or len(file) > _LONGEST_OTHER or level not in ("", *LEVELS):
        raise WebError(
            Problem(
                400,
                _("No such view of a log"),
                _("The address asks for a level that there is not, or for more text than fits into a search."),
                _("Start again from the log."),
            )
        )
    return LogQuery(file, text, level, parameters.get("marked") == "1")


def log_path(query: LogQuery, base: str = LOG_PATH, **more: str) -> str:
    """Return the address that shows this view."""
    words = {
        "file": query.file,
        "q": query.text,
        "level": query.level.lower(),
        "marked": "1" if query.is_marked_only else "",
    } | more
    parameters = urlencode({name: word for name, word in words.items() if word}, errors="replace")
    return f"{base}?{parameters}" if parameters else base
