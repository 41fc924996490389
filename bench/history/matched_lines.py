"""The matched lines of a made-up ban: what services write about logins that fail."""

from __future__ import annotations

from datetime import UTC, datetime

_NAMES = (
    "root admin user test ubuntu oracle postgres git deploy guest ftp www mysql pi backup info sales support mail "
    "jenkins hadoop nagios minecraft steam teamspeak web dev student service operator"
)
NAMES = tuple(_NAMES.split())
_FORMS = {
    "sshd": "{time} server sshd[{pid}]: Failed password for invalid user {name} from {id} port {port} ssh2",
    "postfix-sasl": "{time} server postfix/smtpd[{pid}]: warning: [{id}]: SASL LOGIN authentication failed: {name}",
    "dovecot": "{time} server dovecot: imap-login: Disconnected (auth failed, 1 attempts): user=<{name}>, rip={id}",
    "nginx-http-auth": '{time} [error] {pid}#0: *{port} user "{name}" was not found, client: {id}, request: "GET /"',
    "nginx-botsearch": '{id} - - [{time}] "GET /{name}/wp-login.php HTTP/1.1" 404 {port} "-" "Mozilla/5.0"',
    "proftpd": "{time} server proftpd[{pid}]: server ({id}[{id}]) - USER {name}: no such user found",
    "recidive": "{time} fail2ban.actions [{pid}]: NOTICE [sshd] Ban {id}",
    "asterisk": "[{time}] NOTICE[{pid}] chan_sip.c: Registration from '{name}' failed for '{id}' - Wrong password",
}
_COUNT = 3


def make_lines(jail: str, id: str, second: int) -> tuple[str, ...]:
    """Return the lines of the seconds before a ban (Unix time); they follow from nothing but their arguments."""
    when = f"{datetime.fromtimestamp(second, UTC):%b %d %H:%M:%S}"
    mixed = (second * 2_654_435_761 + len(id) * 40_503) & 0xFFFF_FFFF
    return tuple(
        _FORMS[jail].format(
            time=when,
            pid=300 + mixed % 99_000,
            id=id,
            name=NAMES[(mixed >> 8 + 5 * number) % len(NAMES)],
            port=1024 + (mixed + number * 613) % 64_000,
        )
        for number in range(_COUNT)
    )
