"""Build the page of one jail: pure, no I/O."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bangui.domain.errors import BanGUIError
from bangui.domain.history_queries import Metric
from bangui.domain.jail_details import ActionDetails, JailDetails
from bangui.domain.jail_settings import JAIL_SETTINGS
from bangui.domain.moments import moment_of
from bangui.domain.setting_values import JailSetting, SettingGroup, SettingKind
from bangui.domain.watched_logs import log_key
from bangui.services.jail_days import FailingNow
from bangui.services.statistics import DAY
from bangui.services.time_chart import TimeChart
from bangui.web.charts import bars_of
from bangui.web.contexts import Bar
from bangui.web.history_query import HistoryQuery, address_path, history_path
from bangui.web.jails_contexts import (
    ChartRow,
    FailingRow,
    JailChart,
    JailPast,
    JailView,
    RangeChoice,
    SettingChoice,
    SettingRow,
    SettingSection,
    WatchedFile,
)
from bangui.web.jails_words import (
    ALLOW_PATH,
    SECTIONS,
    allow_path,
    bans_path,
    jail_path,
    question_path,
    typed_words,
    value_words,
)
from bangui.web.keys import row_key
from bangui.web.language import LazyText, lazy, said
from bangui.web.language import gettext as _
from bangui.web.log_query import LOG_PATH, LogQuery, log_path
from bangui.web.words import sentence

RANGES: Mapping[str, LazyText] = {"24h": lazy("24 h"), "7d": lazy("7 d"), "30d": lazy("30 d")}
_EXAMPLES = {
    SettingKind.DURATION: "1h 30m",
    SettingKind.COUNT: "5",
    SettingKind.TEXT: "",
}


@dataclass(frozen=True, slots=True)
class PastFacts:
    """What the history says; `trouble` where it could not be asked."""

    range: str
    charts: Mapping[Metric, TimeChart] | None = None
    failing: FailingNow | None = None
    trouble: BanGUIError | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """What somebody tried to set, and why it was not done."""

    setting: str
    typed: str
    error: BanGUIError


@dataclass(frozen=True, slots=True)
class JailFacts:
    """Everything about one jail; `past` is None where no history is kept, `actions` where nobody may see them."""

    details: JailDetails
    tone: int
    paused: int | None
    past: PastFacts | None
    actions: tuple[ActionDetails, ...] | None
    is_open: bool
    """Whether private values are shown, and forms to change the others."""
    tried: Tried | None = None


def build_jail(facts: JailFacts, now: datetime, existing: Collection[str]) -> JailView:
    """Return the view of a jail; `existing` are the paths of all pages."""
    details = facts.details
    jail = details.name
    return JailView(
        now=now,
        details=details,
        rule=said(details.rule.in_words()),
        paused_at=None if facts.paused is None else moment_of(facts.paused),
        tone=facts.tone,
        bans_path=bans_path(jail),
        history_path=history_path(HistoryQuery(jail=jail)),
        failures_path=history_path(HistoryQuery(jail=jail, kind="failure")),
        allow_path=allow_path(jail) if ALLOW_PATH in existing else "",
        files=tuple(
            WatchedFile(path, log_path(LogQuery(log_key(path))) if facts.is_open and LOG_PATH in existing else "")
            for path in details.log_paths
        ),
        past=None if facts.past is None else _past(facts.past, jail, now),
        sections=tuple(_sections(facts)),
        actions=tuple(ActionDetails(name, (), None) for name in details.actions)
        if facts.actions is None
        else facts.actions,
        is_open=facts.is_open,
        pause_path=question_path("idle", jail),
        stop_path=question_path("stop", jail),
    )


def _sections(facts: JailFacts) -> Iterator[SettingSection]:
    for group in SettingGroup:
        rows = tuple(
            _setting(facts, setting)
            for setting in JAIL_SETTINGS.values()
            if setting.group is group and setting.name in facts.details.values
            if facts.is_open or not setting.is_private
        )
        if rows:
            yield SettingSection(group.value, str(SECTIONS[group]), rows)


def _setting(facts: JailFacts, setting: JailSetting) -> SettingRow:
    value = facts.details.values[setting.name]
    tried = facts.tried if facts.tried and facts.tried.setting == setting.name else None
    typed = tried.typed if tried else typed_words(setting, value)
    return SettingRow(
        setting.name,
        row_key("setting", setting.name),
        sentence(setting.meaning),
        value_words(setting, value),
        is_list=setting.kind is SettingKind.LIST,
        is_changeable=setting.is_changeable and facts.is_open,
        typed=typed,
        example=_EXAMPLES.get(setting.kind, ""),
        choices=tuple(_choices(setting, typed)),
        problem=sentence(tried.error.message) if tried else "",
        hint=sentence(tried.error.hint) if tried else "",
    )


def _choices(setting: JailSetting, typed: str) -> Iterator[SettingChoice]:
    if setting.kind is SettingKind.SWITCH:
        yield SettingChoice("on", _("on"), typed == "on")
        yield SettingChoice("off", _("off"), typed == "off")
    for word in setting.choices:
        yield SettingChoice(word, word, typed == word)


def _past(facts: PastFacts, jail: str, now: datetime) -> JailPast:
    ranges = tuple(
        RangeChoice(str(words), f"{jail_path(jail, range='' if name == '24h' else name)}#past", name == facts.range)
        for name, words in RANGES.items()
    )
    if facts.charts is None or facts.failing is None:
        trouble = facts.trouble
        problem, hint = (sentence(trouble.message), sentence(trouble.hint)) if trouble else ("", "")
        return JailPast(ranges, problem=problem, hint=hint)
    failures, bans = facts.charts[Metric.FAILURES], facts.charts[Metric.BANS]
    starts = [start for start in map(moment_of, failures.starts) if start is not None]
    drawn = {
        "failure": bars_of(failures.totals, starts, now, HistoryQuery(kind="failure", jail=jail)),
        "ban": bars_of(bans.totals, starts, now, HistoryQuery(kind="ban", jail=jail)),
    }
    return JailPast(
        ranges,
        (
            _chart("failure", _("Failures"), jail, facts.range, drawn["failure"]),
            _chart("ban", _("Bans"), jail, facts.range, drawn["ban"]),
        ),
        first=starts[0],
        is_daily=failures.span.step >= DAY,
        rows=tuple(
            ChartRow(start, failure, ban)
            for start, failure, ban in zip(starts, failures.totals, bans.totals, strict=True)
            if failure or ban
        ),
        failing=tuple(
            FailingRow(row.key, address_path(row.key), row.failures)
            for row in facts.failing.rows
            if row.key is not None
        ),
    )


def _chart(kind: str, name: str, jail: str, range: str, bars: tuple[Bar, ...]) -> JailChart:
    values = [bar.value for bar in bars]
    path = history_path(HistoryQuery(kind=kind, jail=jail, since=range))
    return JailChart(kind, name, sum(values), path, max(values, default=0), bars)
