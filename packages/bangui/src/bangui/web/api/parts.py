"""What several operations need: the parts of the site that may be missing, and times of the history."""

from __future__ import annotations

from datetime import datetime

from bangui.domain.errors import InvalidInput
from bangui.domain.filter_words import parse_countries
from bangui.domain.gateway import Gateway
from bangui.domain.moments import milliseconds_of, moment_of
from bangui.services.access import Access
from bangui.web.api.problems import ApiError
from bangui.web.ports import HistorySource
from bangui.web.site import Site


def gateway_of(site: Site) -> Gateway:
    """Return the way to the daemon."""
    if site.services.gateway is None:
        raise ApiError("daemon-away", "This console has no way to a daemon.")
    return site.services.gateway


def history_of(site: Site) -> HistorySource:
    """Return the history."""
    if site.history is None:
        raise ApiError("history-away", "No history is kept here.", "See the log of BanGUI.")
    return site.history


def access_of(site: Site) -> Access:
    """Return the services of accounts."""
    if site.services.access is None:
        raise ApiError("unavailable", "There are no accounts here.")
    return site.services.access


def moment(milliseconds: int | None) -> datetime | None:
    """Return a time of the history as a moment; None where there is none, or no calendar reaches."""
    return None if milliseconds is None else moment_of(milliseconds)


def milliseconds(moment: datetime | None) -> int | None:
    """Return a moment as a time of the history."""
    return None if moment is None else milliseconds_of(moment)


def parse_country(text: str) -> str:
    """Return the code of one country, or raise `InvalidInput`."""
    codes = parse_countries(text)
    if len(codes) != 1:
        raise InvalidInput("this is more than one country", "give the parameter again for each of them")
    return codes[0]
