"""What the templates of banning and unbanning by hand get; see `contexts.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from bangui.web.contexts import Frame
from bangui.web.history_query import FieldProblem


@dataclass(frozen=True, slots=True)
class JailChoice:
    """A jail to ban in, and for how many seconds it bans: None for ever. `grows` for repeated offenders."""

    name: str
    ban_time: int | None
    grows: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ListProblem:
    """A line of a pasted list in which something is no address."""

    line: int
    text: str
    hint: str


@dataclass(frozen=True, slots=True)
class BanForm:
    """The form as it was sent, and what cannot be meant by it.

    `lines` are the first problems of the list, `more` how many there are beside them. `back` is the page that it was
    opened from, if not the list of bans.
    """

    ids: str = ""
    jails: tuple[str, ...] = ()
    reason: str = ""
    duration: str = ""
    problems: Mapping[str, FieldProblem] = field(default_factory=lambda: MappingProxyType({}))
    lines: tuple[ListProblem, ...] = ()
    more: int = 0
    back: str = ""


@dataclass(frozen=True, slots=True)
class BanFormPage:
    """The page at `/bans/new`."""

    template: ClassVar[str] = "ban_form.html"
    frame: Frame
    form: BanForm
    jails: tuple[JailChoice, ...]
    knows_durations: bool
    cancel_path: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A jail of a ban: for how many seconds it bans (None for ever), and what a duration of its own means there.

    `is_kept_up` where fail2ban would end the ban too early, so that BanGUI asks for it again.
    """

    jail: str
    ban_time: int | None
    grows: bool
    is_kept_up: bool


@dataclass(frozen=True, slots=True)
class RemarkedId:
    """An id, and what is to be said about it: reasons, or names of jails."""

    id: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemarkedIds:
    """The first ids that one thing is to be said about, and how many there are in all."""

    first: tuple[RemarkedId, ...] = ()
    count: int = 0

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.first)


@dataclass(frozen=True, slots=True)
class BanReview:
    """What a ban would do. `seconds` is its own duration; `slow_seconds` what fail2ban may need for all of it."""

    count: int
    shown: tuple[str, ...]
    rules: tuple[RuleLine, ...]
    seconds: int | None
    dangerous: RemarkedIds
    allowed: RemarkedIds
    banned: RemarkedIds
    networks: RemarkedIds
    slow_seconds: int

    @property
    def others(self) -> int:
        """How many ids nothing speaks against."""
        return self.count - self.dangerous.count


@dataclass(frozen=True, slots=True)
class BanReviewPage:
    """Asks before a ban that is dangerous or unusual; `form` is sent again with the answer."""

    template: ClassVar[str] = "ban_review.html"
    frame: Frame
    form: BanForm
    review: BanReview
    cancel_path: str


@dataclass(frozen=True, slots=True)
class UnbanQuestion:
    """What would be unbanned.

    `fields` are sent again with the answer. `shown` are the first (id, jail); a jail that is empty means everywhere.
    `count` bans are meant, `total` match where those are more than can be lifted at once. `inside` counts the addresses
    inside a network.
    """

    count: int
    shown: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    total: int = 0
    inside: int = 0
    slow_seconds: int = 0

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.shown)


@dataclass(frozen=True, slots=True)
class UnbanQuestionPage:
    """Asks before more than one ban is lifted."""

    template: ClassVar[str] = "unban_question.html"
    frame: Frame
    question: UnbanQuestion
    cancel_path: str
