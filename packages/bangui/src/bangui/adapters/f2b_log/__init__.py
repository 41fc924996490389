"""fail2ban's own log, in a file or in the journal, as a source of the history."""

from bangui.adapters.f2b_log.journal import JournalSource
from bangui.adapters.f2b_log.source import LogSource

__all__ = ["JournalSource", "LogSource"]
