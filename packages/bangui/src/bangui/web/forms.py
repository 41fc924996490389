"""What a form sends: read within limits of size, number and time, and only in the encoding of plain forms."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, HTTPConnection, Request

from bangui.web.errors import Problem, WebError
from bangui.web.language import gettext as _

LARGEST_BODY = 1 << 20
"""In bytes: ten thousand addresses, one a line, are half of it."""
_MOST_FIELDS = 11_000
_ENCODING = "application/x-www-form-urlencoded"


class FormValues:
    """The fields of a form, by name; a name may have several values."""

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        values: dict[str, list[str]] = {}
        for name, value in fields:
            values.setdefault(name, []).append(value)
        self._values: Mapping[str, Sequence[str]] = values

    def text(self, name: str) -> str:
        """Return the first value of a field without the blanks around it; empty where there is none."""
        return self.raw(name).strip()

    def raw(self, name: str) -> str:
        """Return the first value of a field as it came: a password may begin with a blank."""
        return next(iter(self._values.get(name, ())), "")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return all values of a field."""
        return tuple(self._values.get(name, ()))

    def flag(self, name: str) -> bool:
        """Return whether a field was sent with anything in it: a box that was ticked."""
        return self.text(name) != ""


def form_of(connection: HTTPConnection) -> FormValues:
    """Return the form of a request that has passed the gate as `RouteKind.FORM`."""
    found = getattr(connection.state, "form", None)
    if not isinstance(found, FormValues):
        raise TypeError("this route is not declared as one of a form")
    return found


async def read_form(request: Request, seconds: float) -> FormValues:
    """Return the fields that a request carries; raises `WebError` for what is no form, too large or too slow."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _ENCODING:
        raise WebError(_not_a_form())
    body = await read_body(request, LARGEST_BODY, seconds)
    try:
        fields = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="replace",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:  # not ASCII, or too many fields
        raise WebError(_not_a_form()) from None
    return FormValues(fields)


async def read_body(request: Request, most: int, seconds: float) -> bytes:
    """Return the body of a request; raises `WebError` for one that is too large or takes too long."""
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                body += part
                if len(body) > most:
                    raise WebError(too_large())
    except TimeoutError:
        raise WebError(_too_slow()) from None
    except ClientDisconnect:
        raise WebError(_too_slow()) from None
    return bytes(body)


def too_large() -> Problem:
    """Return what is said about more than is taken."""
    return Problem(413, _("Too much"), _("The request carried more than BanGUI accepts."), _("Nothing was changed."))


def _too_slow() -> Problem:
    return Problem(408, _("Too slow"), _("The request did not arrive in time."), _("Nothing was changed. Try again."))


def _not_a_form() -> Problem:
    return Problem(
        415, _("Not a form"), _("The request carried something else than a form."), _("Nothing was changed.")
    )
