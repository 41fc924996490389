"""What pages stand on: everything that is made once, and handed to the module of each page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bangui.domain.gateway import Gateway
from bangui.domain.secret import Secret
from bangui.domain.watched_logs import WatchedLogs
from bangui.services.access import Access
from bangui.services.allow_list import AllowListService
from bangui.services.ban_actions import BanActions
from bangui.services.ban_search import BanSearch
from bangui.services.kept_answers import KeptAnswers
from bangui.services.retention_settings import RetentionSettings
from bangui.web.assets import Assets
from bangui.web.cookies import Cookies
from bangui.web.events import EventStreams
from bangui.web.notices import Notices
from bangui.web.ports import HistorySource, LiveSource
from bangui.web.rendering import Renderer
from bangui.web.settings import WebSettings


@dataclass(frozen=True, slots=True)
class Entry:
    """A ticket that is good for as long as the service runs, and the account that it lets in."""

    ticket: Secret
    name: str
    password: Secret


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases behind the pages; what is None is not to be had here, and its pages say so or are not there.

    entry: for the demonstration, where everything goes when it ends.
    """

    access: Access | None = None
    entry: Entry | None = None
    history: HistorySource | None = None
    gateway: Gateway | None = None
    bans: BanActions | None = None
    allow_list: AllowListService | None = None
    answers: KeptAnswers | None = None
    retention: RetentionSettings | None = None
    logs: WatchedLogs | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """One console. `run` tells one run of the server from the next."""

    live: LiveSource
    services: Services
    settings: WebSettings
    assets: Assets
    renderer: Renderer
    notices: Notices
    streams: EventStreams
    run: str
    now: Callable[[], datetime]
    cookies: Cookies = field(init=False)
    ban_search: BanSearch = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cookies", Cookies(self.settings))
        object.__setattr__(self, "ban_search", BanSearch(self.history.places if self.history else None, self.history))

    @property
    def history(self) -> HistorySource | None:
        """The history; None where none is kept."""
        return self.services.history
