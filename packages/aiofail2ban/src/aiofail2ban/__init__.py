"""An asyncio client for the fail2ban daemon: typed, bounded, and safe against what attackers write into its logs."""

from ._bulk import Progress
from ._command import Command, Fail2BanCommand, Fail2BanResponse, Fail2BanToken, interpret
from ._durations import format_duration, parse_duration
from ._encode import encode_request
from ._protocol import ReplyReader
from ._server import ServerCommands
from ._values import RemoteObject
from .action import Action
from .client import Fail2BanClient
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
