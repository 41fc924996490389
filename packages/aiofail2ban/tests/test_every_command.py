"""What holds for every typed method, found by introspection so that a new one cannot be forgotten.

- Each is called at least once by the tests on real daemons of four versions.
- Text that contains fail2ban's end marker is refused before anything is sent.
- What the daemon evaluates leaves as a whole number and nothing else.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import types
import typing
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiofail2ban import BanLocation, Command, Fail2BanClient, Fail2BanProtocolError, encode_request
from aiofail2ban._capabilities import Capabilities
from aiofail2ban._command import T
from aiofail2ban._server import ServerCommands
from aiofail2ban.action import Action
from aiofail2ban.jail import Jail

MARKER = "<F2B_END_COMMAND>"
HANDLES: dict[str, type] = {"client": Fail2BanClient, "jail": Jail, "action": Action}


def public_coroutines(handle: type) -> dict[str, Callable[..., Coroutine[Any, Any, object]]]:
    return {
        name: method
        for name, method in inspect.getmembers(handle, inspect.iscoroutinefunction)
        if not name.startswith("_") and name not in {"aclose", "execute", "execute_each", "send"}
    }


def calls_in_tests() -> dict[str, set[str]]:
    """Return the names of the methods that tests call on variables called `client`, `jail` and `action`."""
    calls: dict[str, set[str]] = {name: set() for name in HANDLES}
    for path in Path(__file__).parent.glob("test_*.py"):
        source = path.read_text("utf-8")
        if "mark.daemon" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)) if owner in calls:
                    calls[owner].add(name)
    return calls


@pytest.mark.parametrize("variable", HANDLES)
def test_every_typed_method_is_called_on_real_daemons(variable: str) -> None:
    methods = set(public_coroutines(HANDLES[variable]))
    assert methods
    assert methods - calls_in_tests()[variable] == set()


@pytest.mark.parametrize("handle", HANDLES.values())
def test_every_typed_method_says_since_when_it_works(handle: type) -> None:
    for name, method in public_coroutines(handle).items():
        document = inspect.getdoc(method) or ""
        assert name == "ping" or "Since 0" in document or "Since 1" in document or "All versions" in document, name


class RefusedToSendError(Exception):
    """A request was about to leave."""


class Recorder(ServerCommands):
    """Encodes requests with the real encoder, keeps them, and sends nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[object, ...]] = []

    async def execute(self, command: Command[T]) -> T:
        encode_request(command.request)
        self.sent.append(command.request)
        raise RefusedToSendError


def handle_of(variable: str, recorder: Recorder) -> object:
    return {"client": recorder, "jail": Jail(recorder, "sshd"), "action": Action(recorder, "sshd", "noop")}[variable]


def holds_text(annotation: object) -> bool:
    """Whether a text may stand somewhere in an argument of this type."""
    if annotation in {str, object}:
        return True
    if typing.get_origin(annotation) is typing.Literal:
        return True
    return any(holds_text(part) for part in typing.get_args(annotation) if part is not Ellipsis)


def place_text(annotation: object, text: str) -> list[Any]:
    """Return arguments of this type that hold `text`, in every place that it has for texts."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation in {str, object} or origin is typing.Literal:
        return [text]
    if origin in {typing.Union, types.UnionType}:
        return [value for part in parts if holds_text(part) for value in place_text(part, text)]
    if origin is not None and issubclass(origin, Mapping):
        return [{text: "x"}, {"x": text}]
    if origin is not None and holds_text(parts[0]):
        inner = place_text(parts[0], text)
        return [[value] for value in inner] + [["192.0.2.1"] * 60 + [value] for value in inner]
    raise AssertionError(f"how does a text get into {annotation}?")


def example(annotation: object) -> object:
    """Return a harmless argument of this type."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Literal:
        return parts[0]
    if origin in {typing.Union, types.UnionType}:
        return example(parts[0])
    if origin is not None:
        return {} if issubclass(origin, Mapping) else []
    return {str: "x", int: 1, float: 1.0, bool: True, object: "x"}[typing.cast("type", annotation)]


def type_hints(method: Callable[..., Any]) -> dict[str, Any]:
    # The server's commands know these by name only, as they come with their first use.
    return typing.get_type_hints(method, localns={"Jail": Jail, "BanLocation": BanLocation})


def text_arguments() -> list[Any]:
    """Every parameter of every typed method that takes text."""
    return [
        pytest.param(variable, name, parameter, id=f"{variable}.{name}-{parameter}")
        for variable, handle in HANDLES.items()
        for name, method in public_coroutines(handle).items()
        for parameter, annotation in type_hints(method).items()
        if parameter not in {"return", "on_progress"} and holds_text(annotation)
    ]


def call_with(method: Callable[..., Any], chosen: str, value: object) -> Coroutine[Any, Any, object]:
    positional: list[object] = []
    named: dict[str, object] = {}
    hints = type_hints(method)
    for parameter in inspect.signature(method).parameters.values():
        if parameter.name == "on_progress" or (parameter.name != chosen and parameter.default is not parameter.empty):
            continue
        argument = value if parameter.name == chosen else example(hints[parameter.name])
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[parameter.name] = argument
        elif chosen != parameter.name or parameter.kind is not parameter.POSITIONAL_OR_KEYWORD or not positional:
            positional.append(argument)
        else:
            named[parameter.name] = argument
    return typing.cast("Coroutine[Any, Any, object]", method(*positional, **named))


@pytest.mark.parametrize(("variable", "name", "parameter"), text_arguments())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.text(max_size=5), after=st.text(max_size=5))
async def test_text_with_the_end_marker_is_refused_before_anything_is_sent(
    variable: str, name: str, parameter: str, before: str, after: str
) -> None:
    text = before + MARKER + after
    method = getattr(handle_of(variable, Recorder()), name)
    for value in place_text(type_hints(method)[parameter], text):
        recorder = Recorder()
        with pytest.raises(Fail2BanProtocolError, match="end marker"):
            await call_with(getattr(handle_of(variable, recorder), name), parameter, value)
        assert recorder.sent == []


EVALUATED: list[Any] = [
    pytest.param("client", "set_dbpurgeage", 2, id="dbpurgeage"),
    pytest.param("jail", "set_bantime", 3, id="bantime"),
    pytest.param("jail", "set_findtime", 3, id="findtime"),
    pytest.param("jail", "set_bantime_maxtime", 3, id="maxtime"),
    pytest.param("jail", "set_bantime_rndtime", 3, id="rndtime"),
    pytest.param("action", "set_timeout", 5, id="timeout"),
]
ANYTHING = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["1h", "1h 30m", "-1", "60*10", "__import__('os').getpid()", "1 if 1 else 2", "True"]),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.binary(max_size=5),
    st.lists(st.integers(), max_size=2),
)


@pytest.mark.parametrize(("variable", "name", "place"), EVALUATED)
@settings(max_examples=60, deadline=None)
@given(value=ANYTHING)
async def test_what_the_daemon_evaluates_leaves_as_a_whole_number_or_not_at_all(
    variable: str, name: str, place: int, value: object
) -> None:
    recorder = Recorder()
    with contextlib.suppress(TypeError, ValueError, RefusedToSendError):
        await getattr(handle_of(variable, recorder), name)(value)
    assert all(type(request[place]) is int for request in recorder.sent)


class TolerantRecorder(Recorder):
    """Says that the action has no methods, as `Action.set` asks before it sends."""

    async def execute(self, command: Command[T]) -> T:
        if "actionmethods" in command.request:
            return command.parse(())
        return await super().execute(command)


@settings(max_examples=60, deadline=None)
@given(value=ANYTHING)
async def test_a_time_out_among_properties_leaves_as_a_whole_number_or_not_at_all(value: object) -> None:
    recorder = TolerantRecorder()
    action = Action(recorder, "sshd", "noop")
    for attempt in (action.set("timeout", value), action.set_many({"timeout": value})):
        with contextlib.suppress(TypeError, ValueError, RefusedToSendError):
            await attempt
    for request in recorder.sent:
        last = request[-1]
        token = last[0][1] if isinstance(last, list) else last
        assert type(token) is int


@settings(max_examples=100, deadline=None)
@given(key=st.text(max_size=20), count=st.integers(), time=ANYTHING)
async def test_the_options_of_a_cache_hold_nothing_but_a_key_and_digits(key: str, count: int, time: Any) -> None:
    recorder = Recorder()
    with contextlib.suppress(TypeError, ValueError, RefusedToSendError):
        await Jail(recorder, "sshd").set_ignorecache(key, max_count=count, max_time=time)
    for request in recorder.sent:
        options = str(request[-1]).removeprefix(f'key="{key}", max-count=').split(", max-time=")
        assert [option.isascii() and option.isdigit() for option in options] == [True, True]
        assert not set('"[]=,') & set(key)


@settings(max_examples=100, deadline=None)
@given(factor=st.one_of(st.floats(), st.integers(), st.booleans(), st.text(max_size=5)))
async def test_a_factor_leaves_as_the_text_of_a_number(factor: Any) -> None:
    recorder = Recorder()
    with contextlib.suppress(TypeError, ValueError, RefusedToSendError):
        await Jail(recorder, "sshd").set_bantime_factor(factor)
    for request in recorder.sent:
        assert isinstance(ast.literal_eval(str(request[-1])), (int, float))


@pytest.mark.parametrize("variable", HANDLES)
async def test_commands_that_only_read_say_so_and_no_others(variable: str) -> None:
    reading_words = {"get", "status", "stats", "banned", "version", "server-status", "echo"}
    commands: list[Command[Any]] = []

    class Keeper(ServerCommands):
        async def execute(self, command: Command[T]) -> T:
            commands.append(command)
            raise RefusedToSendError

    keeper = Keeper()
    assert isinstance(keeper.capabilities, Capabilities)
    handle = {"client": keeper, "jail": Jail(keeper, "sshd"), "action": Action(keeper, "sshd", "noop")}[variable]
    for method in public_coroutines(type(handle)):
        with contextlib.suppress(ValueError, KeyError, RefusedToSendError):
            await call_with(getattr(handle, method), "", None)
    assert commands
    for command in commands:
        assert command.reads is (command.request[0] in reading_words), command.request
