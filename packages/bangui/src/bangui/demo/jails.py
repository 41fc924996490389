"""The demo's jails: stock filters, each with settings that let something be seen within minutes.

Real servers ban for hours and days. Here many bans end while one looks, some grow with every return
(`bantime.increment`), and who comes back too often ends up in `recidive`, which reads the daemon's own log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bangui.demo.logs import Log

# Each further ban of the same address lasts this many times as long.
_MULTIPLIERS = (1, 2, 4, 8)
_LONGEST_BAN = 3600
# fail2ban forgets bans of yesterday by default; here they are forgotten sooner, so that the database stays small.
PURGE_SECONDS = 6 * 3600


@dataclass(frozen=True, slots=True)
class DemoJail:
    """One jail: how many failures within `findtime` seconds cost how many seconds. `log` None: the daemon's own."""

    name: str
    log: Log | None
    ports: str
    maxretry: int
    findtime: int
    bantime: int
    grows: bool = False

    def ban_seconds(self, earlier_bans: int) -> int:
        """How long the ban of an address lasts that was banned `earlier_bans` times before."""
        if not self.grows:
            return self.bantime
        factor = _MULTIPLIERS[min(earlier_bans, len(_MULTIPLIERS) - 1)]
        return min(self.bantime * factor, _LONGEST_BAN)


RECIDIVE = DemoJail("recidive", None, "0:65535", maxretry=3, findtime=3600, bantime=1800)
JAILS = (
    DemoJail("sshd", Log.AUTH, "22", maxretry=5, findtime=600, bantime=480, grows=True),
    DemoJail("nginx-http-auth", Log.NGINX_ERROR, "80,443", maxretry=4, findtime=300, bantime=180),
    DemoJail("nginx-botsearch", Log.NGINX_ACCESS, "80,443", maxretry=3, findtime=120, bantime=60),
    DemoJail("nginx-limit-req", Log.NGINX_ERROR, "80,443", maxretry=8, findtime=60, bantime=45),
    DemoJail("apache-auth", Log.APACHE_ERROR, "8080,8443", maxretry=3, findtime=300, bantime=300),
    DemoJail("postfix", Log.MAIL, "25,465,587", maxretry=3, findtime=600, bantime=240),
    DemoJail("postfix-sasl", Log.MAIL, "25,465,587", maxretry=3, findtime=600, bantime=600, grows=True),
    DemoJail("dovecot", Log.MAIL, "110,143,993,995", maxretry=4, findtime=600, bantime=420),
    DemoJail("vsftpd", Log.VSFTPD, "20,21,989,990", maxretry=3, findtime=300, bantime=120),
    DemoJail("asterisk", Log.ASTERISK, "5060,5061", maxretry=5, findtime=300, bantime=900),
    DemoJail("mysqld-auth", Log.MYSQL, "3306", maxretry=3, findtime=300, bantime=300),
    RECIDIVE,
)

LOG_ONLY_ACTION = "bangui-demo-log"


def jail_local(logs: Path, daemon_log: Path, *, owner: Sequence[str], with_nftables: bool) -> str:
    """The text of the demo's `jail.local`."""
    banaction = "nftables" if with_nftables else LOG_ONLY_ACTION
    allports = "nftables[type=allports]" if with_nftables else LOG_ONLY_ACTION
    parts = [
        "[DEFAULT]",
        "backend = polling",
        # A look-up would leave the machine, and wait for an answer that never comes.
        "usedns = no",
        f"ignoreip = 127.0.0.1/8 ::1 {' '.join(owner)}",
        f"banaction = {banaction}",
        f"banaction_allports = {allports}",
        f"bantime.multipliers = {' '.join(map(str, _MULTIPLIERS))}",
        f"bantime.maxtime = {_LONGEST_BAN}",
    ]
    for jail in JAILS:
        parts += _section(jail, daemon_log if jail.log is None else logs / jail.log.value)
    return "\n".join(parts) + "\n"


def _section(jail: DemoJail, log: Path) -> list[str]:
    return [
        "",
        f"[{jail.name}]",
        "enabled = true",
        "backend = polling",
        f"logpath = {log}",
        # Numbers: the names of services need /etc/services, which a small machine may lack.
        f"port = {jail.ports}",
        f"maxretry = {jail.maxretry}",
        f"findtime = {jail.findtime}",
        f"bantime = {jail.bantime}",
        f"bantime.increment = {'true' if jail.grows else 'false'}",
        "action = %(action_)s",
    ]


def config_files(bans_log: Path) -> dict[str, str]:
    """The demo's further configuration files, by their path in the configuration folder."""
    settings = f"[DEFAULT]\ndbpurgeage = {PURGE_SECONDS}\nallowipv6 = yes\n"
    action = f"""# Writes down what a firewall would be told, where the kernel lends the demo none.
[Definition]
actionban = {_note("ban", bans_log)}
actionunban = {_note("unban", bans_log)}
[Init]
name = default
"""
    return {"fail2ban.d/demo.local": settings, f"action.d/{LOG_ONLY_ACTION}.conf": action}


def _note(word: str, bans_log: Path) -> str:
    # A percent sign is doubled for fail2ban's reader of configurations.
    return f"""printf '%%s {word} %%s %%s\\n' "$(date +%%FT%%T%%z)" '<name>' "<ip>" >> {bans_log}"""
