"""Write answers as JSON: exactly what the shape of a dataclass says, times in UTC as RFC 3339 has them.

Texts are written in ASCII, with escapes for all else: what an attacker has put into an id cannot do anything to the
terminal that shows an answer, and even half a surrogate pair arrives as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum

from bangui.domain.secret import Secret
from bangui.web.api.shapes import record_shape, word_of


def value_of(value: object) -> object:
    """Return a dataclass, and all that is in it, in JSON's own types."""
    if isinstance(value, Enum):
        return word_of(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, tuple):
        return [value_of(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): value_of(item) for name, item in value.items()}
    return {member.name: value_of(getattr(value, member.name)) for member in record_shape(type(value)).members}


def json_text(value: object) -> str:
    """Return JSON's own types as text, refusing numbers that are none."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def moment_text(moment: datetime) -> str:
    """Return a moment as `2026-11-25T16:30:00Z`, to the millisecond where it has any."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return text.removesuffix("+00:00") + "Z"
