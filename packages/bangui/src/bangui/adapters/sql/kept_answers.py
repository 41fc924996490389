"""Kept answers in the database: a key is begun in a transaction of its own, so two requests never both begin it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine, delete, insert, or_, select, update

from bangui.adapters.sql.accounts_transactions import lasting
from bangui.adapters.sql.engine import writing
from bangui.adapters.sql.kept_answers_schema import kept_answers
from bangui.domain.kept_answers import (
    ABANDONED_MILLISECONDS,
    KEPT_MILLISECONDS,
    MOST_KEPT,
    KeptAnswer,
    KeyedRequest,
    KeyState,
    Standing,
)


class SqlKeptAnswers:
    """Kept answers; see `bangui.domain.kept_answers.AnswerStore`. `engine` opens the database where it is not open."""

    def __init__(self, engine: Callable[[], Engine], most: int = MOST_KEPT) -> None:
        self._open = engine
        self._most = most

    def begin(self, request: KeyedRequest, now: int) -> KeyState:
        """Begin to work on a request, unless its key is known; forget what is too old."""
        is_over = or_(
            kept_answers.c.begun <= now - KEPT_MILLISECONDS,
            # A clock that was wrong must not keep a key for years.
            kept_answers.c.begun > now + ABANDONED_MILLISECONDS,
            kept_answers.c.status.is_(None) & (kept_answers.c.begun <= now - ABANDONED_MILLISECONDS),
        )
        with writing(lasting(self._open())) as connection:
            connection.execute(delete(kept_answers).where(is_over))
            newest_first = select(kept_answers.c.begun).order_by(kept_answers.c.begun.desc())
            last_too_many = connection.execute(newest_first.offset(self._most).limit(1)).scalar()
            if last_too_many is not None:
                connection.execute(delete(kept_answers).where(kept_answers.c.begun <= last_too_many))
            known = connection.execute(select(kept_answers).where(kept_answers.c.key == request.key)).one_or_none()
            if known is None:
                connection.execute(insert(kept_answers).values(key=request.key, content=request.content, begun=now))
                return KeyState(Standing.NEW)
        if known.content != request.content:
            return KeyState(Standing.OTHER)
        if known.status is None:
            return KeyState(Standing.IN_PROGRESS)
        return KeyState(Standing.ANSWERED, KeptAnswer(known.status, known.body))

    def keep(self, request: KeyedRequest, answer: KeptAnswer) -> None:
        """Keep the answer to a request that was begun."""
        with writing(lasting(self._open())) as connection:
            connection.execute(
                update(kept_answers)
                .where(kept_answers.c.key == request.key)
                .values(status=answer.status, body=answer.body)
            )

    def forget(self, request: KeyedRequest) -> None:
        """Forget a request that was begun and came to nothing."""
        with writing(lasting(self._open())) as connection:
            connection.execute(delete(kept_answers).where(kept_answers.c.key == request.key))
