"""Values that travel in the address of a page as one word: where a page of a list begins."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence

from bangui.web.errors import Problem, WebError
from bangui.web.language import gettext as _

LONGEST_PLACE = 4_000


def encode_values(values: Sequence[str | float]) -> str:
    """Return texts and numbers as one word that is safe in a URL."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def decode_values(word: str) -> list[str | float]:
    """Return what `encode_values` wrote; raises WebError for anything else."""
    if len(word) > LONGEST_PLACE:
        raise WebError(damaged_place())
    try:
        values = json.loads(
            base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)), parse_constant=_refuse_what_is_no_number
        )
    except (ValueError, RecursionError, binascii.Error):
        raise WebError(damaged_place()) from None
    if not isinstance(values, list) or not all(_is_plain(value) for value in values):
        raise WebError(damaged_place())
    return values


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _refuse_what_is_no_number(name: str) -> float:
    raise ValueError(name)


def damaged_place() -> Problem:
    """Return what is wrong with the address of a page whose place in a list makes no sense."""
    return Problem(
        400,
        _("Page not found"),
        _("The address of this page of the list is damaged."),
        _("Start again from its first page."),
    )
