"""An asyncio client for the fail2ban daemon: typed, bounded, and safe against what attackers write into its logs."""

from typing import TYPE_CHECKING

from ._command import Command, Fail2BanCommand, Fail2BanResponse, Fail2BanToken, interpret
from ._encode import encode_request
from ._late import late_names
from ._protocol import ReplyReader
from ._server import ServerCommands
from ._values import RemoteClass, RemoteObject
from .errors import (
    DuplicateJailError,
    Fail2BanCommandError,
    Fail2BanConnectionError,
    Fail2BanError,
    Fail2BanProtocolError,
    Fail2BanTimeoutError,
    InvalidCommandError,
    InvalidValueError,
    UnknownJailError,
)

if TYPE_CHECKING:
    from ._bulk import Progress
    from ._durations import format_duration, parse_duration
    from .action import Action
    from .client import Fail2BanClient
    from .jail import Jail
    from .types import (
        Ban,
        BanId,
        BanLocation,
        DatePattern,
        Duration,
        IgnoreCache,
        JailOrigins,
        JailStatistics,
        JailStatus,
        ServerStatus,
        UseDns,
    )

# Imported when somebody first asks for them: a command line that shows a status needs none, and starts sooner.
__getattr__ = late_names(
    __name__,
    {
        "_bulk": ("Progress",),
        "_durations": ("format_duration", "parse_duration"),
        "action": ("Action",),
        "client": ("Fail2BanClient",),
        "jail": ("Jail",),
        "types": (
            "Ban",
            "BanId",
            "BanLocation",
            "DatePattern",
            "Duration",
            "IgnoreCache",
            "JailOrigins",
            "JailStatistics",
            "JailStatus",
            "ServerStatus",
            "UseDns",
        ),
    },
)

__all__ = [
    "Action",
    "Ban",
    "BanId",
    "BanLocation",
    "Command",
    "DatePattern",
    "DuplicateJailError",
    "Duration",
    "Fail2BanClient",
    "Fail2BanCommand",
    "Fail2BanCommandError",
    "Fail2BanConnectionError",
    "Fail2BanError",
    "Fail2BanProtocolError",
    "Fail2BanResponse",
    "Fail2BanTimeoutError",
    "Fail2BanToken",
    "IgnoreCache",
    "InvalidCommandError",
    "InvalidValueError",
    "Jail",
    "JailOrigins",
    "JailStatistics",
    "JailStatus",
    "Progress",
    "RemoteClass",
    "RemoteObject",
    "ReplyReader",
    "ServerCommands",
    "ServerStatus",
    "UnknownJailError",
    "UseDns",
    "encode_request",
    "format_duration",
    "interpret",
    "parse_duration",
]
