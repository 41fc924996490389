"""What tests of a program that talks to fail2ban need: a scripted daemon, and a real one in a temporary folder."""

from aiofail2ban.testing.fake_server import FakeServer, NoReply, RawReply, encode_reply
from aiofail2ban.testing.installation import Fail2BanInstallation, Fail2BanInstallationError
from aiofail2ban.testing.process import ClientRun, Fail2BanProcess, Fail2BanStartError, ProcessDeadlines

__all__ = [
    "ClientRun",
    "Fail2BanInstallation",
    "Fail2BanInstallationError",
    "Fail2BanProcess",
    "Fail2BanStartError",
    "FakeServer",
    "NoReply",
    "ProcessDeadlines",
    "RawReply",
    "encode_reply",
]
