"""How long the history is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bangui.domain.accounts import Scope
from bangui.domain.errors import InvalidInput
from bangui.domain.retention import RetentionWords
from bangui.services.retention_settings import RetentionSettings
from bangui.web.api.mistakes import Mistake, WrongRequest
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.problems import ApiError
from bangui.web.api.shapes import About
from bangui.web.site import Site

_PATH, _TAG = "/retention", "History"
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class KeptFor:
    """How long what is kept, as people write it."""

    keep: Annotated[str, About("Everything: a length of time, or `forever`.", "2y", longest=_LONGEST)]
    keep_failures: Annotated[str, About("Failures.", "90d", longest=_LONGEST)]
    keep_size: Annotated[str, About("The room on disk, or `unlimited`.", "5G", longest=_LONGEST)]


@dataclass(frozen=True, slots=True)
class KeptForNow:
    """How long what is kept now, as people write it."""

    keep: Annotated[str, About("Everything.", "2y")]
    keep_failures: Annotated[str, About("Failures.", "90d")]
    keep_size: Annotated[str, About("The room on disk.", "5G")]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations about how long the history is kept."""

    async def tell(call: Call[Nothing, Nothing]) -> KeptForNow:
        del call
        return await _now(_settings(site))

    async def change(call: Call[Nothing, KeptFor]) -> KeptForNow:
        settings, body = _settings(site), call.body
        words = RetentionWords(body.keep.strip(), body.keep_failures.strip(), body.keep_size.strip())
        try:
            await settings.change(words, call.caller.actor)
        except InvalidInput as error:
            raise WrongRequest([Mistake("body", "", error.message, error.hint)]) from None
        return await _now(settings)

    async def take_back(call: Call[Nothing, Nothing]) -> KeptForNow:
        settings = _settings(site)
        await settings.change(None, call.caller.actor)
        return await _now(settings)

    text = "What is older is forgotten for good."
    return (
        Operation("getRetention", "GET", _PATH, _TAG, "Tell how long the history is kept", Scope.CONFIGURE, tell),
        Operation(
            "changeRetention",
            "PUT",
            _PATH,
            _TAG,
            "Set how long the history is kept",
            Scope.CONFIGURE,
            change,
            text=text,
        ),
        Operation(
            "resetRetention", "DELETE", _PATH, _TAG, "Keep it as the command line says", Scope.CONFIGURE, take_back
        ),
    )


def _settings(site: Site) -> RetentionSettings:
    if site.services.retention is None:
        raise ApiError("unavailable", "How long the history is kept cannot be set here.")
    return site.services.retention


async def _now(settings: RetentionSettings) -> KeptForNow:
    words = await settings.words()
    return KeptForNow(words.keep, words.keep_failures, words.keep_size)
