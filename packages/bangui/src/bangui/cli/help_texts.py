"""What `--help` says below the options: one or two sentences, then examples to copy."""

from __future__ import annotations

DESCRIPTION = """\
See and steer fail2ban.

  bangui status                    is it running, and what do the jails count?
  bangui bans                      who is banned now?
  bangui why 203.0.113.7           why is this address banned, and what was before?
  bangui history                   what happened?
  bangui unban 203.0.113.7         let it in again
  bangui serve                     all of it on a page, live
"""

EPILOG = """\
exit status:
  0    fine
  1    fail2ban refused, or there was nothing to do or to find
  2    the command line makes no sense
  3    fail2ban is away: not running, or listening elsewhere; or there is no history yet
  4    permission denied: fail2ban's socket and the history belong to root, so use sudo
  5    fail2ban is too slow, or somebody else holds the history
  130  interrupted with Ctrl-C

On a terminal times are relative and long texts are cut. Piped output is complete, with exact times.
With --json, errors are JSON as well, on standard error; standard output holds a whole answer or none.
"""

STATUS = """\
FAILING and BANNED are how many are failing or banned now; the totals count since fail2ban started.

examples:
  bangui status
  bangui status --json | jq '.jails[] | select(.currently_banned > 100) | .name'
"""

JAILS = """\
RETRIES failures within WITHIN lead to a ban of BAN TIME.

examples:
  bangui jails
  bangui jails --json | jq -r '.jails[].name'
"""

BANS = """\
examples:
  bangui bans                      in all jails
  bangui bans sshd                 in one jail
  bangui bans --json | jq -r '.bans[].id' | sort -u
"""

BAN = """\
The jail decides for how long, unless --for does: fail2ban has no duration of a single ban, so the service
(bangui serve) lifts it in time, or renews it where the jail would end it earlier.
Addresses are checked and written in their canonical form first, because fail2ban itself would "ban" any typing
mistake. What would lock you or others out (your own address, gateways, DNS servers, private networks, known
proxies) is refused unless you say --force.
"banned" means that fail2ban lists the address. Whether the firewall rule is in place only fail2ban's log
tells (/var/log/fail2ban.log): an action that failed is reported there and nowhere else.
Who banned and why is noted in the history, where there is one.

examples:
  bangui ban sshd 203.0.113.7 --reason 'guesses passwords of the shop'
  bangui ban sshd 203.0.113.7 --for 2h
  bangui ban recidive 203.0.113.0/24 2001:db8::/64
  bangui ban sshd - < addresses.txt
"""

UNBAN = """\
Unbanning makes fail2ban forget the earlier bans of the address as well, so a ban time that grows starts anew.
A network lifts its own ban, or else the bans of the single addresses inside it.

examples:
  bangui unban 203.0.113.7
  bangui unban 203.0.113.7 --jail sshd
"""

WHY = """\
Looks in every jail for bans of the address and of networks around it, and for allow lists that cover it.
Then tells what the history knows: each ban with the log lines that led to it and what the jail was set to,
and what else came from its network. Without fail2ban only the history answers.
The exit status is 0 when it is banned, 1 when it is not, and 3 when fail2ban could not be asked.

examples:
  bangui why 203.0.113.7
  bangui why 203.0.113.7 --all     every ban that ever was, with every log line
  bangui why 203.0.113.0/24        all that came from a network
  bangui why 203.0.113.7 --json | jq '.bans[].jail'
  if bangui why 203.0.113.7 > /dev/null; then echo banned; fi
"""

WATCH = """\
Asks once a second, tells when fail2ban goes away and comes back, and ends with Ctrl-C.
With --json each line is one event.

examples:
  bangui watch
  bangui watch --json | jq -r --unbuffered 'select(.event == "ban") | .id'
"""

PING = """\
example:
  bangui ping && echo fail2ban answers
"""

VERSION = """\
examples:
  bangui version                   needs fail2ban to answer
  bangui --version                 only BanGUI's own
"""

SERVE = """\
There is no login yet, so the page is served to this machine only. To see it from elsewhere, bring the port
over with SSH:

  ssh -L 8080:127.0.0.1:8080 your-server      then open http://127.0.0.1:8080/

While it runs it records what fail2ban does, for good: see bangui history, top, stats and why.
Ctrl-C ends it.

examples:
  sudo bangui serve
  sudo bangui serve --port 9000 --verbose
"""

DEMO = """\
Starts a real fail2ban of its own in a temporary folder, with its own socket, log and database, and feeds it made-up
attacks. The fail2ban and the firewall of this machine are not touched. Ctrl-C ends it and leaves nothing behind.

example:
  bangui demo
"""

COMPLETION = """\
Commands, options, jails, countries and banned addresses are completed, from fail2ban and from the history.

  bash   bangui completion bash > ~/.local/share/bash-completion/completions/bangui
  zsh    bangui completion zsh > ~/.zfunc/_bangui       with  fpath+=~/.zfunc  before compinit in ~/.zshrc
  fish   bangui completion fish > ~/.config/fish/completions/bangui.fish
"""
