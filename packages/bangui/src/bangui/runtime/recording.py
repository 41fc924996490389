"""The tasks that keep a history while a service runs, and those that collect it without pages.

    the recorder       reads the sources and records, once the first page has had its turn; begins anew when the daemon
                       keeps its files elsewhere than before
    the keeper         holds the last day ready for the first page
    the caretaker      forgets what is too old or too much, a little at a time

Pages work without a history as well: where the place for it cannot be written to, the first page says so.
"""

from __future__ import annotations

import asyncio
import logging
import time
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from aiofail2ban import Fail2BanClient
from bangui.adapters.f2b_database.source import DatabaseSource
from bangui.adapters.f2b_log.journal import JournalSource
from bangui.adapters.f2b_log.source import LogSource
from bangui.adapters.logs import keep_quiet, start_logging
from bangui.adapters.socket_source import SocketSource
from bangui.adapters.source_probe import probe_sources
from bangui.adapters.sql.engine import is_sqlite, open_engine, path_of
from bangui.adapters.sql.migrate import migrate
from bangui.adapters.sql.reader import SqlHistoryReader
from bangui.adapters.sql.salvage import salvage
from bangui.adapters.sql.writer import SqlHistoryWriter
from bangui.domain.collection import CollectorState
from bangui.domain.errors import BanGUIError
from bangui.domain.history import Batch, Recorded
from bangui.domain.history_ports import (
    EventSource,
    HistoryReader,
    HistoryWriter,
    Progress,
    Retention,
    StoreError,
    StoreTrouble,
)
from bangui.domain.last_day import Record
from bangui.domain.operations import ReadCounters
from bangui.domain.source_plan import SourcePlan, encode_plan, recall_plan
from bangui.runtime.history import open_places
from bangui.runtime.kept_settings import retention_settings
from bangui.runtime.late import LateDatabase
from bangui.runtime.loops import let_signals_cancel
from bangui.services.caretaker import Caretaker
from bangui.services.collector import Collector, Feed
from bangui.services.feeds import BlockingFeed
from bangui.services.history_threads import HistoryThreads
from bangui.services.jail_settings import JailSettingsReader
from bangui.services.last_day import RecordKeeper
from bangui.services.network_names import NetworkNames
from bangui.services.threads import in_thread

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bangui.adapters.geo.finder import GeoFinder
    from bangui.domain.gateway import Gateway
    from bangui.services.live import LiveState

_log = logging.getLogger("bangui.recording")

# Between two looks at where the daemon keeps its files: an administrator has moved them, or it was away at first.
_PROBE_SECONDS = 30.0
_FIRST_PAGE_SECONDS = 1.0
# Where the daemon keeps its files is remembered as if it were a source.
_PLAN = "plan"


class _Store(NamedTuple):
    """An open history: both its halves, how to repair it, and what is known about addresses."""

    reader: HistoryReader
    writer: HistoryWriter
    repair: Callable[[], None] | None
    places: GeoFinder


@contextmanager
def _open_store(options: Namespace) -> Iterator[_Store]:
    with ExitStack() as stack:
        engine = open_engine(options.history)
        stack.callback(engine.dispose)
        places = open_places(options.data)
        readers: list[Engine] = []

        def repair() -> None:
            for used in (engine, *readers):
                used.dispose()  # no connection may hold the file that is put aside
            aside = salvage(path_of(engine))
            _log.warning("damaged_history_put_aside", extra={"path": str(aside)})

        repairs = repair if is_sqlite(engine) else None
        try:
            migrate(engine)
        except StoreError as error:
            if error.trouble is not StoreTrouble.DAMAGED or repairs is None:
                raise
            repairs()
            migrate(engine)
        # Questions have connections of their own, so that they never wait for what is being recorded.
        readers.append(open_engine(options.history, read_only=True))
        stack.callback(readers[0].dispose)
        yield _Store(SqlHistoryReader(readers[0]), SqlHistoryWriter(engine, places), repairs, places)


@asynccontextmanager
async def recording(
    options: Namespace, client: Fail2BanClient, gateway: Gateway, live: LiveState, retention: Callable[[], Retention]
) -> AsyncIterator[HistoryThreads | None]:
    """Keep the history of a host until the block ends; lend it to the pages, or None where none can be kept.

    `retention` is asked in a thread how long what is kept, again and again.
    """
    with ExitStack() as stack:
        try:
            # The daemon is being asked meanwhile.
            store = await in_thread(lambda: stack.enter_context(_open_store(options)))
        except StoreError as error:
            _log.warning("no_history", extra={"problem": error.message, "hint": error.hint})
            live.show_record(Record(problem=error.message, hint=error.hint or None))
            yield None
            return
        history = HistoryThreads(store.reader, store.places)
        try:
            async with _tasks(store, Recorder(store, client, gateway), live, retention):
                yield history
        finally:
            await asyncio.to_thread(history.close)


@asynccontextmanager
async def _tasks(
    store: _Store, recorder: Recorder, live: LiveState, retention: Callable[[], Retention]
) -> AsyncIterator[None]:
    names = NetworkNames(store.places)
    keeper = RecordKeeper(
        store.reader,
        lambda number: names.name_by_number(number, store.reader) or "",
        live.show_record,
        credits=store.places.sources,
        collection=lambda: recorder.state,
    )
    recorder.listen(keeper.hear)
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(work)
            for work in (_record(recorder, live), keeper.run(), Caretaker(store.writer, retention).run())
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


async def _record(recorder: Recorder, live: LiveState) -> None:
    """Record until cancelled, beginning when somebody who waits for the first page has had the time to get it.

    What the sources have to tell waits in fail2ban's files, and reading all of it takes the processor for a while.
    """
    async for snapshot in live.subscribe():
        if snapshot.revision:
            break
    await asyncio.sleep(_FIRST_PAGE_SECONDS)
    await recorder.run()


class Recorder:
    """Collects from wherever the daemon keeps its files now."""

    def __init__(self, store: _Store, client: Fail2BanClient, gateway: Gateway) -> None:
        self._store = store
        self._client = client
        self._gateway = gateway
        self._collector: Collector | None = None
        self._listeners: list[Callable[[Recorded], None]] = []

    @property
    def state(self) -> CollectorState | None:
        """How the collecting goes; None until it has begun."""
        return self._collector.state if self._collector else None

    def listen(self, listener: Callable[[Recorded], None]) -> None:
        """Call the listener with everything that is recorded from now on."""
        self._listeners.append(listener)

    async def run(self) -> None:
        """Collect until cancelled."""
        while True:
            plan = await self._plan()
            _log.info("sources_chosen", extra={"sources": "; ".join(plan.in_words())})
            with self._sources_of(plan) as feeds:
                collector = self._begin(feeds)
                async with asyncio.TaskGroup() as group:
                    work = group.create_task(collector.run())
                    await self._until_moved(plan)
                    work.cancel()

    async def catch_up(self, progress: Progress) -> CollectorState:
        """Collect what there is now, and return how that went."""
        with self._sources_of(await self._plan()) as feeds:
            return await self._begin(feeds).catch_up(progress)

    async def _plan(self) -> SourcePlan:
        """Return what can be read now; of a daemon that is away what it named when it was asked last.

        One that has just started answers before its configuration has arrived, and names places that are not its own.
        """
        plan, host, writer = await probe_sources(self._client), self._gateway.host, self._store.writer
        if not await self._has_jails():
            plan = replace(plan, was_asked=False)
        try:
            known = await in_thread(lambda: writer.cursor(host, _PLAN))
            if plan.was_asked and encode_plan(plan) != known:
                await in_thread(lambda: writer.record(Batch(host, cursors={_PLAN: encode_plan(plan)})))
        except StoreError as error:
            _log.info("plan_not_remembered", extra={"problem": error.message})
            return plan
        return recall_plan(plan, known)

    async def _has_jails(self) -> bool:
        try:
            return bool(await self._gateway.perform(ReadCounters()))
        except BanGUIError:
            return False

    def _begin(self, feeds: Sequence[Feed]) -> Collector:
        collector = Collector(
            self._gateway.host,
            feeds,
            self._store.writer,
            settings=JailSettingsReader(self._gateway),
            repair=self._store.repair,
        )
        for listener in self._listeners:
            collector.listen(listener)
        self._collector = collector
        return collector

    @contextmanager
    def _sources_of(self, plan: SourcePlan) -> Iterator[list[Feed]]:
        """Lend the sources of a plan; the socket fills in for a file that cannot be read."""
        gateway = self._gateway
        files: list[EventSource] = []
        if plan.database is not None:
            files.append(DatabaseSource(gateway.host, plan.database))
        if plan.log is not None:
            files.append(LogSource(gateway.host, plan.log))
        elif plan.reads_journal:
            files.append(JournalSource(gateway.host))
        feeds: list[Feed] = [BlockingFeed(source) for source in files]
        if plan.database is None or not plan.has_log:
            feeds.append(
                SocketSource(gateway, lambda: datetime.now(UTC), time.monotonic, tells_unbans=not plan.has_log)
            )
        try:
            yield feeds
        finally:
            for source in files:
                source.close()

    async def _until_moved(self, plan: SourcePlan) -> None:
        while True:
            await asyncio.sleep(_PROBE_SECONDS)
            if await self._plan() != plan:
                return


async def collect_only(
    options: Namespace, client: Fail2BanClient, gateway: Gateway, progress: Progress
) -> CollectorState:
    """Collect without pages: until cancelled, or with `options.once` until all that there is has been read."""
    if options.once:
        keep_quiet()  # the state says it all
        with _open_store(options) as store:
            return await Recorder(store, client, gateway).catch_up(progress)
    start_logging(is_verbose=options.verbose)
    let_signals_cancel()
    with closing(LateDatabase(options.history)) as database, _open_store(options) as store:
        retention = retention_settings(options, database).current
        recorder = Recorder(store, client, gateway)
        async with asyncio.TaskGroup() as group:
            group.create_task(recorder.run())
            group.create_task(Caretaker(store.writer, retention).run())
    return recorder.state or CollectorState(gateway.host)
