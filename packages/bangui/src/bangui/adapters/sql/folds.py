"""Puts weeks together from days, and seasons from weeks, when these are past (`schema.folds`).

Counting everything in four grains at once would cost several times the work, for rows that change a hundred times
before their week is over. What comes late, for a day that is in its week already, changes both (`tally`).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Table, bindparam, func, select

from bangui.adapters.sql.schema import FOLD, KIND_CODES, Grain, RollupKey, folds, kind_counts, rollups
from bangui.adapters.sql.statements import Statements, Transaction
from bangui.adapters.sql.tally import Folded

_DAYS_WAITED = 2
"""The log tells of bans of the two days before (`reconcile.LONGEST_LAG`): days change until then."""
_ROWS = 20_000
"""Rows that one statement copies, which the database holds in memory; a transaction does little more than that."""
_LARGEST_KEY = 1 << 62


class FoldTable:
    """The statements about `folds`, and those that fold."""

    def __init__(self, statements: Statements) -> None:
        self._select = statements.compile(select(folds.c.grain, folds.c.until))
        insert = statements.insert(folds)
        self._upsert = statements.compile(
            insert.on_conflict_do_update(index_elements=[folds.c.grain], set_={"until": insert.excluded.until})
        )
        self._rollups = _Folding(statements, rollups, "key", ("bans", "failures"))
        self._kinds = _Folding(statements, kind_counts, "jail", ("events",))

    def read(self, transaction: Transaction) -> Folded | None:
        """Return how far the folding is; None where it has not begun."""
        until: dict[int, int] = dict(transaction.fetch(self._select))
        return Folded(until[Grain.WEEK], until[Grain.SEASON]) if until else None

    def begin(self, transaction: Transaction, first_day: int) -> Folded:
        """Let the folding begin with the day of the first event: there is nothing before it."""
        folded = Folded(first_day, first_day // FOLD)
        self._write(transaction, folded)
        return folded

    def fold(self, transaction: Transaction, folded: Folded, newest_day: int) -> Folded:
        """Fold some of what is past, and return how far the folding is."""
        weeks, seasons, rows = folded.weeks, folded.seasons, 0
        end = newest_day - _DAYS_WAITED
        while rows < _ROWS:
            if (seasons + 1) * FOLD <= weeks:
                rows += self._fold_one(transaction, Grain.WEEK, seasons, Grain.SEASON)
                seasons += 1
            elif weeks < end:
                day = self._kinds.next_start(transaction, weeks, end)
                if day < end:
                    rows += self._fold_one(transaction, Grain.DAY, day, Grain.WEEK)
                weeks = min(day + 1, end)
            else:
                break
        if weeks != folded.weeks or seasons != folded.seasons:
            self._write(transaction, Folded(weeks, seasons))
        return Folded(weeks, seasons)

    def _fold_one(self, transaction: Transaction, grain: Grain, start: int, into: Grain) -> int:
        rows = sum(self._rollups.fold(transaction, int(by), (int(grain), start), int(into)) for by in RollupKey)
        rows += sum(self._kinds.fold(transaction, kind, (int(grain), start), int(into)) for kind in KIND_CODES.values())
        return rows

    def _write(self, transaction: Transaction, folded: Folded) -> None:
        rows = [(int(Grain.WEEK), folded.weeks), (int(Grain.SEASON), folded.seasons)]
        transaction.run(self._upsert, rows)


class _Folding:
    """Adds the rows of a grain to those of a larger one, within one table.

    The first column of the primary key says what is counted; `spread_by` is a column that cuts many rows into some.
    """

    def __init__(self, statements: Statements, table: Table, spread_by: str, counts: tuple[str, ...]) -> None:
        what = next(iter(table.primary_key))
        spread = table.c[spread_by]
        grain, start = table.c.grain, table.c.start
        of_grain = (what == bindparam("what"), grain == bindparam("grain_"), start == bindparam("start_"))
        taken = {"grain": bindparam("into", type_=grain.type), "start": bindparam("at", type_=start.type)}
        low, high = bindparam("low", type_=BigInteger), bindparam("high", type_=BigInteger)
        rows = select(*(taken.get(column.name, column) for column in table.columns)).where(
            *of_grain, spread > low, spread <= high
        )
        insert = statements.insert(table)
        added = {name: table.c[name] + insert.excluded[name] for name in counts}
        self._fold = statements.compile(
            insert.from_select([column.name for column in table.columns], rows).on_conflict_do_update(
                index_elements=list(table.primary_key), set_=added
            ),
            ("what", "grain_", "start_", "into", "at", "low", "high"),
        )
        self._cut = statements.compile(
            select(spread).where(*of_grain, spread > low).order_by(spread).limit(1).offset(_ROWS),
            ("what", "grain_", "start_", "low"),
        )
        self._next = statements.compile(
            select(func.min(start)).where(
                what == bindparam("what"), grain == int(Grain.DAY), start >= bindparam("start_")
            ),
            ("what", "start_"),
        )

    def fold(self, transaction: Transaction, what: int, source: tuple[int, int], into: int) -> int:
        """Add what one grain and start counts to the larger grain that holds it, and return how many rows that was."""
        low, rows = -1, 0
        while low < _LARGEST_KEY:
            cut = transaction.fetch(self._cut, (what, *source, low))
            high = cut[0][0] if cut else _LARGEST_KEY
            rows += transaction.run(self._fold, [(what, *source, into, source[1] // FOLD, low, high)])
            low = high
        return rows

    def next_start(self, transaction: Transaction, start: int, end: int) -> int:
        """Return the first day from `start` on that counts anything; `end` where there is none before."""
        found = (transaction.fetch(self._next, (kind, start))[0][0] for kind in KIND_CODES.values())
        return min((day for day in found if day is not None and day < end), default=end)
