"""An asyncio client for the fail2ban daemon: typed, bounded, and safe against what attackers write into its logs."""

from ._command import Command, Fail2BanCommand, Fail2BanResponse, Fail2BanToken, interpret
from ._encode import encode_request
from ._protocol import ReplyReader
from ._values import RemoteObject
from .client import Fail2BanClient
from .errors import (
    Fail2BanCommandError,
    Fail2BanConnectionError,
    Fail2BanError,
    Fail2BanProtocolError,
    Fail2BanTimeoutError,
    InvalidCommandError,
    InvalidValueError,
    UnknownJailError,
)

__all__ = [
    "Command",
    "Fail2BanClient",
    "Fail2BanCommand",
    "Fail2BanCommandError",
    "Fail2BanConnectionError",
    "Fail2BanError",
    "Fail2BanProtocolError",
    "Fail2BanResponse",
    "Fail2BanTimeoutError",
    "Fail2BanToken",
    "InvalidCommandError",
    "InvalidValueError",
    "RemoteObject",
    "ReplyReader",
    "UnknownJailError",
    "encode_request",
    "interpret",
]
