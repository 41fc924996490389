"""Matched lines as they are stored: a few, not too long, compressed.

A packed value is one byte that says how it is packed, and a raw deflate stream of the lines with a zero character
between them. The stream begins with a dictionary of what logs say all the time, which halves what the lines of a usual
ban take. A changed dictionary is another way to pack, with a first byte of its own: what is stored stays readable.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

from bangui.adapters.sql.storable import storable_text

MOST_LINES = 50
"""Lines of one ban that are kept; fail2ban itself keeps ten unless told otherwise."""
LONGEST_LINE = 2_000
"""Characters of a line that are kept."""

_FORM = b"\x01"
_SEPARATOR = "\x00"
# A window that holds the dictionary and the text of a usual ban.
_WINDOW_BITS = -13
_LEVEL = 6
_MEMORY_LEVEL = 8
# Four bytes are the longest character in UTF-8.
_LARGEST_TEXT = MOST_LINES * (LONGEST_LINE + 1) * 4

_TIME_SHIFT = 21
_EVENT_MASK = (1 << _TIME_SHIFT) - 1
# Times that the number of lines can hold: until the year 2109.
_LATEST = (1 << (63 - _TIME_SHIFT)) - 1

# What is likeliest stands last. Changing a single character makes what is stored unreadable: see above.
_DICTIONARY = b"""\
 "-" "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
 "GET /.env HTTP/1.1" 404 "POST /xmlrpc.php HTTP/1.1" 200 "GET /.git/config HTTP/1.1" 403 "GET / HTTP/2.0" 444 +0000]
 "POST /wp-login.php HTTP/1.1" 301 [error] #0: * access forbidden by rule, client: , server: , request: , host: "
 user not found: password mismatch: no user/password was provided for basic authentication, referrer: "http://
 named: client @0x query (cache) denied: refused
 asterisk NOTICE chan_sip.c: Registration from '"" <sip:@>' failed for ' - Wrong password - No matching peer found
 dovecot: imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<>, method=PLAIN, rip=
 dovecot: auth-worker(): pam(,): pam_authenticate() failed: Authentication failure (password mismatch?), lip=, TLS
 postfix/submission/smtpd[]: postfix/smtps/smtpd[]: lost connection after AUTH from unknown[
 postfix/smtpd[]: NOQUEUE: reject: RCPT from unknown[]: 554 5.7.1 : Relay access denied; from=<> to=<> proto=ESMTP helo=
 postfix/smtpd[]: warning: unknown[]: SASL LOGIN authentication failed: UGFzc3dvcmQ6
 vsftpd: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser= rhost=
 sshd[]: error: maximum authentication attempts exceeded for root from  port  ssh2 [preauth]
 sshd[]: Unable to negotiate with  port : no matching key exchange method found. Their offer: [preauth]
 sshd[]: Received disconnect from  port :11: Bye Bye [preauth]
 sshd[]: Disconnected from authenticating user root  port  [preauth]
 sshd-session[]: Connection closed by invalid user  port  [preauth]
 sshd[]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=  user=root
 sshd[]: Invalid user admin from  port
Nov 23 09:35:14 sshd[]: Failed password for root from  port  ssh2
2026-11-23T09:35:14.123456+00:00 sshd[]: Failed password for invalid user admin from 1 port 4 ssh2"""


def keepable(lines: Iterable[str]) -> tuple[str, ...]:
    """Return as many lines as are kept, each as long as it is kept."""
    return tuple(storable_text(line, LONGEST_LINE) for line, _ in zip(lines, range(MOST_LINES), strict=False))


def pack(lines: Sequence[str]) -> bytes:
    """Return keepable lines as they are stored."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW_BITS, _MEMORY_LEVEL, zlib.Z_DEFAULT_STRATEGY, _DICTIONARY)
    return b"".join((_FORM, packer.compress(_SEPARATOR.join(lines).encode()), packer.flush()))


def unpack(packed: bytes) -> tuple[str, ...]:
    """Return the lines of a stored value; none of one that is damaged."""
    if packed[:1] != _FORM:
        return ()
    unpacker = zlib.decompressobj(_WINDOW_BITS, _DICTIONARY)
    try:
        text = unpacker.decompress(packed[1:], _LARGEST_TEXT)
    except zlib.error:
        return ()
    return tuple(text.decode(errors="replace").split(_SEPARATOR))


def lines_number(time: int, event: int) -> int:
    """Return the number of the lines of an event; those of a later ban have a larger one."""
    return min(time, _LATEST) << _TIME_SHIFT | event & _EVENT_MASK
