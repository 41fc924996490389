"""What `--help` says about the commands of the history: one or two sentences, then examples to copy."""

from __future__ import annotations

HISTORY = """\
Events of all jails, newest first. An address means itself, a network all that lies in it; 203.0.11 and
2001:db8: mean every address that begins so, as does anything that ends with *.
--text searches the log lines that led to bans; a word that is only begun ends with *.

examples:
  bangui history                               the newest, a screenful
  bangui history 203.0.113.0/24 --since 30d    what came from a network
  bangui history --kind ban --country CN,RU --jail sshd --since yesterday
  bangui history --text 'invalid user oracle' --lines
  bangui history --kind ban --origin hand      bans that somebody made by hand, and who
  bangui history --json --since 1h | jq -r '.events[].id' | sort | uniq -c | sort -rn
"""

TOP = """\
Who was banned most often, ever or in a period, and when it was first and last seen in it.
subnets are the /24 of IPv4 addresses and the /48 of IPv6 addresses, networks are autonomous systems.

examples:
  bangui top
  bangui top countries --since 30d
  bangui top subnets --jail sshd --limit 25
  bangui top addresses --network AS4134 --by failures
  bangui top networks --json | jq -r '.rows[] | [.key, .bans] | @tsv'
"""

STATS = """\
What happened in a period, compared with the equally long one before it. A ban that was only restored after a
restart is no new ban and is counted by itself.

examples:
  bangui stats
  bangui stats --since 24h --by hour
  bangui stats --since 2026-10-01 --until 2026-11-01 --jail sshd
  bangui stats --json | jq '.kinds.ban'
"""

EXPORT = """\
Takes the same filters as bangui history. csv and jsonl hold events; list holds the addresses that were banned
(or what --kind says), sorted, each once. In CSV, a text that a spreadsheet would take for a formula begins with '.

examples:
  bangui export --since 30d --output bans.csv --kind ban
  bangui export --format jsonl --lines > history.jsonl
  bangui export --format list --country KP > addresses.txt
"""

BACKUP = """\
Copies the whole history into one file; the service may go on meanwhile.

example:
  bangui backup /var/backups/bangui-$(date +%F).sqlite3
"""

RESTORE = """\
Adds what a backup holds to the history; what is there already stays as it is, and nothing is taken away.
So two histories can be joined, and a restore can be started again after any failure.

example:
  bangui restore /var/backups/bangui-2026-11-01.sqlite3
"""

COLLECT = """\
Records what fail2ban does, as bangui serve does too, but without a page. The first time everything is recorded
that fail2ban still knows. Nothing is installed into fail2ban, and none of its files is written.
Ctrl-C ends it; what happens meanwhile is recorded the next time, as long as fail2ban's log and database know it.

examples:
  sudo bangui collect
  sudo bangui collect --once                   from a timer, or to have a look at bangui history
  sudo bangui collect --keep 2y --keep-failures 90d
"""
