"""What the page that asks before a ban shows, made from the review of a wish."""

from __future__ import annotations

from collections.abc import Iterable

from bangui.domain.addresses import parse_address
from bangui.domain.ban_wishes import BanWish, Review
from bangui.domain.jails import JailRule
from bangui.domain.safety import danger_in_words
from bangui.services.ban_actions import LIST
from bangui.web.ban_contexts import BanReview, JailChoice, RemarkedId, RemarkedIds, RuleLine
from bangui.web.language import said
from bangui.web.words import count

_SHOWN = 20
_SHOWN_BRIEFLY = 10
# A firewall action costs the daemon 6 to 9 ms; below so many seconds nobody has to be told.
_SECONDS_EACH = 0.009
_NOT_SLOW = 5.0


def is_unusual(review: Review) -> bool:
    """Whether a ban is better looked at once more although nothing speaks against it: a list, a network, an ally."""
    return (
        len(review.ids) >= LIST
        or any(one.allowed_in for one in review.ids)
        or any(parse_address(one.id).is_network for one in review.ids)
    )


def build_review(review: Review) -> BanReview:
    """Return what is shown of a review."""
    wish, ids = review.wish, review.ids
    return BanReview(
        count=len(ids),
        shown=tuple(one.id for one in ids[:_SHOWN_BRIEFLY]),
        rules=tuple(_rule_line(rule, wish) for rule in review.rules),
        seconds=wish.seconds,
        dangerous=_remarked(
            ((one.id, tuple(said(danger_in_words(danger)) for danger in one.dangers)) for one in review.dangerous),
            len(review.dangerous),
            _SHOWN,
        ),
        allowed=_some((one.id, one.allowed_in) for one in ids if one.allowed_in),
        banned=_some((one.id, tuple(ban.jail for ban in one.bans)) for one in ids if one.bans),
        networks=_some(
            (one.id, (count(address.network.num_addresses),))
            for one in ids
            if (address := parse_address(one.id)).is_network
        ),
        slow_seconds=slow_seconds(len(ids) * len(wish.jails)),
    )


def jail_choices(rules: Iterable[JailRule], chosen: Iterable[str]) -> tuple[JailChoice, ...]:
    """Return the jails to choose from; one that is the only one is chosen.

    A name that is no text (fail2ban takes any bytes) cannot travel in a form, and is left out.
    """
    known, names = tuple(rule for rule in rules if _is_text(rule.jail)), frozenset(chosen)
    return tuple(
        JailChoice(rule.jail, rule.ban_time, rule.grows, rule.jail in names or len(known) == 1) for rule in known
    )


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def slow_seconds(bans: int) -> int:
    """Return what fail2ban may need for so many bans or unbans, in seconds; 0 where it is not worth a word."""
    seconds = bans * _SECONDS_EACH
    return round(seconds) if seconds >= _NOT_SLOW else 0


def _rule_line(rule: JailRule, wish: BanWish) -> RuleLine:
    is_kept_up = wish.seconds is not None and rule.ban_time is not None and rule.ban_time < wish.seconds
    return RuleLine(rule.jail, rule.ban_time, rule.grows, is_kept_up)


def _some(remarks: Iterable[tuple[str, tuple[str, ...]]]) -> RemarkedIds:
    found = list(remarks)
    return _remarked(found, len(found), _SHOWN_BRIEFLY)


def _remarked(remarks: Iterable[tuple[str, tuple[str, ...]]], count: int, shown: int) -> RemarkedIds:
    return RemarkedIds(tuple(RemarkedId(id, words) for id, words in list(remarks)[:shown]), count)
