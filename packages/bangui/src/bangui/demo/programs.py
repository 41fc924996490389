"""What each program writes when somebody fails, or succeeds: line for line as the real ones do.

Each function gives the lines of one attempt. An address is text; `port` and process numbers are drawn, because real
lines have them.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from bangui.demo.logs import Line, Log
from bangui.demo.names import hex_escaped, mailbox_name, octal_escaped, question_marked

_HOST = "atlas"
_PAM_FAILURE = "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser="
_SCANNED = (
    *("/phpmyadmin/index.php", "/pma/", "/phpMyAdmin/", "/mysqladmin/", "/wp-login.php", "/wp-admin.php"),
    *("/roundcube/", "/webmail/", "/cgi-bin/luci/;stok=/locale", "/cgi-bin/.%2e/.%2e/bin/sh", "/admin/phpmyadmin/"),
)
_AGENTS = ("Mozilla/5.0 zgrab/0.x", "python-requests/2.31.0", "Go-http-client/1.1", "curl/7.88.1", "-")
_HELOS = ("ylmf-pc", "WIN-CLJ1B0GQ6JP", "User", "localhost", "[127.0.0.1]")


def _pid(rng: random.Random) -> int:
    return rng.randrange(1000, 99999)


def _port(rng: random.Random) -> int:
    return rng.randrange(1024, 65535)


def sshd_unknown_user(rng: random.Random, address: str, user: str) -> list[Line]:
    """A password tried for a user who does not exist."""
    name, port, prefix = octal_escaped(user), _port(rng), f" {_HOST} sshd[{_pid(rng)}]: "
    return [
        Line(Log.AUTH, f"{prefix}{text}")
        for text in (
            f"Invalid user {name} from {address} port {port}",
            "pam_unix(sshd:auth): check pass; user unknown",
            f"{_PAM_FAILURE} rhost={address} ",
            f"Failed password for invalid user {name} from {address} port {port} ssh2",
            f"Connection closed by invalid user {name} {address} port {port} [preauth]",
        )
    ]


def sshd_root(rng: random.Random, address: str, user: str) -> list[Line]:
    """A wrong password for root, who exists everywhere; `user` is not used."""
    del user
    port, prefix = _port(rng), f" {_HOST} sshd[{_pid(rng)}]: "
    return [
        Line(Log.AUTH, f"{prefix}{text}")
        for text in (
            f"{_PAM_FAILURE} rhost={address}  user=root",
            f"Failed password for root from {address} port {port} ssh2",
            f"Connection closed by authenticating user root {address} port {port} [preauth]",
        )
    ]


def sshd_person(rng: random.Random, address: str, user: str, mistakes: int) -> list[Line]:
    """A person who knows the password, and types it wrong `mistakes` times first."""
    port, prefix = _port(rng), f" {_HOST} sshd[{_pid(rng)}]: "
    wrong = f"Failed password for {user} from {address} port {port} ssh2"
    return [
        *(Line(Log.AUTH, prefix + wrong) for _ in range(mistakes)),
        Line(Log.AUTH, f"{prefix}Accepted password for {user} from {address} port {port} ssh2"),
        Line(Log.AUTH, f"{prefix}pam_unix(sshd:session): session opened for user {user}(uid=1000) by (uid=0)"),
    ]


def nginx_password(rng: random.Random, address: str, user: str) -> list[Line]:
    """A wrong name or password for a page that nginx protects; nginx writes names as they come."""
    what = rng.choice((": password mismatch", ' was not found in "/etc/nginx/htpasswd"'))
    return [
        Line(
            Log.NGINX_ERROR,
            f' [error] {_pid(rng)}#{_pid(rng)}: *{_pid(rng)} user "{user}"{what}, client: {address}, '
            'server: intern.example.org, request: "GET /admin/ HTTP/1.1", host: "intern.example.org"',
        )
    ]


def nginx_scan(rng: random.Random, address: str, user: str) -> list[Line]:
    """A look for software with known holes; `user` is not used."""
    del user
    return [_access(address, rng.choice(_SCANNED), 404, rng.choice(_AGENTS))]


def nginx_page(rng: random.Random, address: str) -> Line:
    """An honest visitor reads a page."""
    return _access(address, rng.choice(("/", "/about", "/contact", "/favicon.ico", "/style.css")), 200, "Mozilla/5.0")


def _access(address: str, path: str, status: int, agent: str) -> Line:
    after = f'] "GET {path} HTTP/1.1" {status} 162 "-" "{agent}"'
    return Line(Log.NGINX_ACCESS, after, before=f"{address} - - [")


def nginx_too_fast(rng: random.Random, address: str, user: str) -> list[Line]:
    """More requests than the server allows; `user` is not used."""
    del user
    excess, page = f"{rng.uniform(5, 40):.3f}", f"/search?q={rng.randrange(999)}"
    return [
        Line(
            Log.NGINX_ERROR,
            f' [error] {_pid(rng)}#{_pid(rng)}: *{_pid(rng)} limiting requests, excess: {excess} by zone "perip", '
            f'client: {address}, server: www.example.org, request: "GET {page} HTTP/1.1", host: "www.example.org"',
        )
    ]


def apache_password(rng: random.Random, address: str, user: str) -> list[Line]:
    """A wrong name for a page that Apache protects."""
    # The stock filter does not see a name that begins with a backtick.
    name = hex_escaped(user.lstrip("`"))
    head = f"] [auth_basic:error] [pid {_pid(rng)}:tid {rng.randrange(10**14, 10**15)}] [client {address}:{_port(rng)}]"
    return [Line(Log.APACHE_ERROR, f"{head} AH01618: user {name} not found: /server-status", before="[")]


def postfix_relay(rng: random.Random, address: str, user: str) -> list[Line]:
    """Mail offered for somebody else's domain."""
    box = mailbox_name(user) or "spam"
    return [
        Line(
            Log.MAIL,
            f" {_HOST} postfix/smtpd[{_pid(rng)}]: NOQUEUE: reject: RCPT from unknown[{address}]: 554 5.7.1 "
            f"<{box}@example.net>: Relay access denied; from=<{box}@example.com> to=<{box}@example.net> proto=ESMTP "
            f"helo=<{rng.choice(_HELOS)}>",
        )
    ]


def postfix_password(rng: random.Random, address: str, user: str) -> list[Line]:
    """A wrong password for sending mail; `user` is not used: Postfix names nobody."""
    del user
    prefix, method = f" {_HOST} postfix/smtpd[{_pid(rng)}]: ", rng.choice(("LOGIN", "PLAIN"))
    return [
        Line(Log.MAIL, f"{prefix}connect from unknown[{address}]"),
        Line(
            Log.MAIL,
            f"{prefix}warning: unknown[{address}]: SASL {method} authentication failed: authentication failure",
        ),
        Line(Log.MAIL, f"{prefix}disconnect from unknown[{address}] ehlo=1 auth=0/1 quit=1 commands=2/3"),
    ]


def dovecot_password(rng: random.Random, address: str, user: str) -> list[Line]:
    """A wrong password for reading mail."""
    session = "".join(rng.choices("abcdefghijkmnopqrstuvwxyz0123456789", k=12))
    return [
        Line(
            Log.MAIL,
            f" {_HOST} dovecot: imap-login: Disconnected (auth failed, 1 attempts in {rng.randrange(2, 9)} secs): "
            f"user=<{mailbox_name(user)}>, method=PLAIN, rip={address}, lip=192.0.2.25, TLS, session=<{session}>",
        )
    ]


def dovecot_person(rng: random.Random, address: str, user: str, mistakes: int) -> list[Line]:
    """A person reads mail, after `mistakes` wrong passwords."""
    login = (
        f" {_HOST} dovecot: imap-login: Login: user=<{user}>, method=PLAIN, rip={address}, lip=192.0.2.25, "
        f"mpid={_pid(rng)}, TLS, session=<{rng.randrange(16**12):012x}>"
    )
    wrong = [line for _ in range(mistakes) for line in dovecot_password(rng, address, user)]
    return [*wrong, Line(Log.MAIL, login)]


def vsftpd_login(rng: random.Random, address: str, user: str) -> list[Line]:
    """A wrong password for FTP."""
    name = question_marked(user).replace("]", "?")
    prefix = f" [pid {_pid(rng)}] "
    return [
        Line(Log.VSFTPD, f'{prefix}CONNECT: Client "{address}"'),
        Line(Log.VSFTPD, f'{prefix}[{name}] FAIL LOGIN: Client "{address}"'),
    ]


def asterisk_registration(rng: random.Random, address: str, user: str) -> list[Line]:
    """A telephone that does not belong here."""
    peer = f"[{address}]" if ":" in address else address
    name = question_marked(user).replace("'", "?")
    why = rng.choice(("Wrong password", "No matching peer found"))
    sender = f'"{name}" <sip:{name}@192.0.2.5>'
    text = f"Registration from '{sender}' failed for '{peer}:{_port(rng)}' - {why}"
    return [Line(Log.ASTERISK, f"] NOTICE[{_pid(rng)}] chan_sip.c: {text}", before="[")]


def mysql_password(rng: random.Random, address: str, user: str) -> list[Line]:
    """A wrong password for the database, which writes names as they come."""
    name = user.replace("'", "")
    text = f"Access denied for user '{name}'@'{address}' (using password: YES)"
    return [Line(Log.MYSQL, f" {_pid(rng)} [Warning] {text}")]


Attempt = Callable[[random.Random, str, str], list[Line]]

# How somebody fails at each jail; recidive has no log of its own.
ATTEMPTS: dict[str, tuple[Attempt, ...]] = {
    "sshd": (sshd_unknown_user, sshd_unknown_user, sshd_root),
    "nginx-http-auth": (nginx_password,),
    "nginx-botsearch": (nginx_scan,),
    "nginx-limit-req": (nginx_too_fast,),
    "apache-auth": (apache_password,),
    "postfix": (postfix_relay,),
    "postfix-sasl": (postfix_password,),
    "dovecot": (dovecot_password,),
    "vsftpd": (vsftpd_login,),
    "asterisk": (asterisk_registration,),
    "mysqld-auth": (mysql_password,),
}

# Programs that listen on IPv4 only here. Apache writes an IPv6 address and its port as one, `2001:db8::1:49152`, and
# the stock filter takes the port for a part of the address.
IPV4_ONLY = frozenset({"apache-auth", "vsftpd"})
