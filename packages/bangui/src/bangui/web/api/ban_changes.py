"""Ban and unban by hand, with a look at what a ban would hit before it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bangui.domain.accounts import Scope
from bangui.domain.addresses import Address, parse_address
from bangui.domain.ban_wishes import LONGEST_REASON, BanReport, BanWish, Review, make_wish
from bangui.domain.errors import InvalidInput
from bangui.domain.outcomes import BanResult
from bangui.domain.safety import danger_in_words
from bangui.domain.timed_bans import LONGEST, SHORTEST
from bangui.services.ban_actions import BanActions
from bangui.web.api.mistakes import Mistake, WrongRequest
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.problems import ApiError
from bangui.web.api.shapes import About
from bangui.web.site import Site

_ID = About("An address or a network.", "203.0.113.7", reads=parse_address)
_JAIL_NAME = About("The name of a jail.", "sshd")
_MOST_JAILS = 50


@dataclass(frozen=True, slots=True)
class BansWanted:
    """Whom to ban, where, why, and for how long."""

    ids: Annotated[
        tuple[Annotated[Address, _ID], ...], About("Addresses and networks.", ("203.0.113.7", "198.51.100.0/24"))
    ]
    jails: Annotated[tuple[Annotated[str, _JAIL_NAME], ...], About("Names of jails.", ("sshd",), most=_MOST_JAILS)]
    reason: Annotated[str, About("Why; it is kept with the ban.", "scans the mail server", longest=LONGEST_REASON)] = ""
    seconds: Annotated[
        int | None,
        About("A duration of its own; left out, each jail bans as it does.", 86_400, least=SHORTEST, most=LONGEST),
    ] = None
    insist: Annotated[bool, About("Ban also what a review calls dangerous.", example=False)] = False

    @property
    def wish(self) -> BanWish:
        """What is wanted, as the use case takes it."""
        try:
            return make_wish([address.text for address in self.ids], self.jails, self.reason, self.seconds)
        except InvalidInput as error:
            raise WrongRequest([Mistake("body", "", error.message, error.hint)]) from None


@dataclass(frozen=True, slots=True)
class BanMade:
    """What came of one ban."""

    jail: Annotated[str, About("The name of the jail.", "sshd")]
    id: Annotated[str, About("The id.", "203.0.113.7")]
    result: Annotated[BanResult, About("What happened.", "banned")]
    problem: Annotated[str | None, About("Why it failed.", None)]


@dataclass(frozen=True, slots=True)
class BansMade:
    """What came of a request to ban; `banned` means that the daemon lists the id now."""

    items: tuple[BanMade, ...]
    next: Annotated[str | None, About("Always null.", None)]
    stopped_by: Annotated[str | None, About("Why not everything was tried; null where it was.", None)]


@dataclass(frozen=True, slots=True)
class ReviewedBan:
    """An id before it is banned."""

    id: Annotated[str, About("The id, in canonical form.", "198.51.100.0/24")]
    dangers: Annotated[
        tuple[str, ...], About("What speaks against it.", ("it contains 198.51.100.1, your own address",))
    ]
    banned_in: Annotated[tuple[str, ...], About("The jails in which it is banned already.", ())]
    allowed_in: Annotated[tuple[str, ...], About("The jails whose allow list covers it.", ())]


@dataclass(frozen=True, slots=True)
class BansReview:
    """What a request to ban would do; nothing of it was done."""

    items: tuple[ReviewedBan, ...]
    next: Annotated[str | None, About("Always null.", None)]
    is_dangerous: Annotated[bool, About("Whether it takes `insist` to ban all of them.", example=True)]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations that ban."""

    async def ban(call: Call[Nothing, BansWanted]) -> BansMade:
        wanted = call.body
        return _made(await actions_of(site).ban(wanted.wish, call.caller.actor, insist=wanted.insist))

    async def review(call: Call[Nothing, BansWanted]) -> BansReview:
        return _reviewed(await actions_of(site).review(call.body.wish, call.caller.actor))

    problems = ("unknown-jail", "refused", "daemon-away", "history-away")
    return (
        Operation(
            "reviewBans",
            "POST",
            "/bans/review",
            "Bans",
            "Tell what a ban would hit, without banning",
            Scope.BAN,
            review,
            problems=problems,
        ),
        Operation(
            "ban",
            "POST",
            "/bans",
            "Bans",
            "Ban addresses and networks",
            Scope.BAN,
            ban,
            text="Where one of them is dangerous and nobody insists, none is banned.",
            problems=(*problems, "dangerous"),
        ),
    )


def actions_of(site: Site) -> BanActions:
    """Return the use cases of bans by hand."""
    if site.services.bans is None:
        raise ApiError("daemon-away", "Nobody can be banned from this console.")
    return site.services.bans


def _made(report: BanReport) -> BansMade:
    items = tuple(BanMade(one.jail, one.id, one.result, one.problem) for one in report.changes)
    return BansMade(items, None, report.stopped_by.message if report.stopped_by else None)


def _reviewed(review: Review) -> BansReview:
    items = tuple(
        ReviewedBan(
            one.id,
            tuple(str(danger_in_words(danger)) for danger in one.dangers),
            tuple(ban.jail for ban in one.bans),
            one.allowed_in,
        )
        for one in review.ids
    )
    return BansReview(items, None, bool(review.dangerous))
