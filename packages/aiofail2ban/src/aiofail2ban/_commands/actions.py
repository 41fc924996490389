"""A jail's actions: their list, their properties, and calls of their methods."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aiofail2ban._command import Command
from aiofail2ban._encode import encode_request

from ._arguments import check_text, to_seconds
from ._expect import expect_nothing, expect_number, expect_text, expect_texts

# An action that runs a command may take its whole time-out, twice.
CALL_SECONDS = 120.0


def list_actions(jail: str) -> Command[tuple[str, ...]]:
    """`get J actions`."""
    return Command(("get", jail, "actions"), expect_texts, reads=True)


def add(jail: str, action: str, path: str | None, options: Mapping[str, object]) -> Command[str]:
    """`set J addaction A` for an action of commands, `set J addaction A FILE JSON` for one in Python."""
    request: tuple[str, ...] = ("set", jail, "addaction", check_text(action, "the action's name"))
    json_options = _to_json(options)
    if path is not None:
        request = (*request, check_text(path, "the path"), json_options)
    elif options:
        raise ValueError("only an action from a file has options; set the properties of another one")
    return Command(request, expect_text, extra_seconds=CALL_SECONDS)


def delete(jail: str, action: str) -> Command[None]:
    """`set J delaction A`."""
    return Command(("set", jail, "delaction", check_text(action, "the action's name")), expect_nothing)


def get_property(jail: str, action: str, name: str) -> Command[object]:
    """`get J action A PROPERTY`."""
    return Command(("get", jail, "action", action, _check_name(name)), _as_it_is, reads=True)


def set_property(jail: str, action: str, name: str, value: object) -> Command[object]:
    """`set J action A PROPERTY VALUE`."""
    return Command(("set", jail, "action", action, _check_name(name), _to_value(name, value)), _as_it_is)


def set_properties(jail: str, action: str, properties: Mapping[str, object]) -> Command[None]:
    """`multi-set J action A [[PROPERTY, VALUE], ...]`."""
    pairs = [[_check_name(name), _to_value(name, value)] for name, value in properties.items()]
    return Command(("multi-set", jail, "action", action, pairs), expect_nothing)


def get_timeout(jail: str, action: str) -> Command[float]:
    """`get J action A timeout`."""
    return Command(("get", jail, "action", action, "timeout"), expect_number, reads=True)


def set_timeout(jail: str, action: str, duration: object) -> Command[float]:
    """`set J action A timeout`, which the daemon would evaluate."""
    return Command(("set", jail, "action", action, "timeout", _to_value("timeout", duration)), expect_number)


def list_properties(jail: str, action: str) -> Command[tuple[str, ...]]:
    """`get J actionproperties A`."""
    return Command(("get", jail, "actionproperties", action), expect_texts, reads=True)


def list_methods(jail: str, action: str) -> Command[tuple[str, ...]]:
    """`get J actionmethods A`."""
    return Command(("get", jail, "actionmethods", action), expect_texts, reads=True)


def call(jail: str, action: str, method: str, arguments: Mapping[str, object]) -> Command[object]:
    """`set J action A METHOD JSON`."""
    request = ("set", jail, "action", action, _check_name(method), _to_json(arguments))
    return Command(request, _as_it_is, extra_seconds=CALL_SECONDS)


def _as_it_is(value: object) -> object:
    return value


def _check_name(name: str) -> str:
    # With such a name the daemon would hand out, or call, its own internals: `__setattr__` sets what it evaluates.
    if check_text(name, "the name").startswith("_"):
        raise ValueError(f"names that begin with _ are the daemon's own: {name!r}")
    return name


def _to_value(name: str, value: object) -> object:
    """Return what may be sent for a property; the daemon evaluates one of them, the time-out."""
    if name == "timeout":
        if not isinstance(value, (int, str)):
            raise TypeError(f"the time-out must be whole seconds or a text such as '1m', not {type(value).__name__}")
        return to_seconds(value, "the time-out", minimum=1)
    encode_request((value,))
    return value


def _to_json(arguments: Mapping[str, object]) -> str:
    return check_text(json.dumps({name: _to_value(name, value) for name, value in arguments.items()}))
