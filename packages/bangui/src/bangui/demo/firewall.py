"""Does the kernel lend the demo a firewall of its own?

Asked by doing it: in a new user and network namespace, which ends with the question, the same kinds of rules are made
that the stock action makes. The machine's own rules are in another namespace and are neither read nor changed.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

_SECONDS = 20.0
_NAMESPACE = ("unshare", "--user", "--map-root-user", "--net")
_RULES = """
add table inet probe
add chain inet probe input { type filter hook input priority -1; }
add set inet probe addresses { type ipv4_addr; flags interval; }
add rule inet probe input tcp dport { 22 } ip saddr @addresses reject
add element inet probe addresses { 192.0.2.1 }
"""


@dataclass(frozen=True, slots=True)
class Firewall:
    """What was found: can the daemon have namespaces of its own, a real table in them, and if not, why not."""

    isolated: bool
    with_nftables: bool
    problem: str = ""

    @property
    def banner(self) -> str:
        """One sentence that says where bans go."""
        if self.with_nftables:
            return "Bans go into a real nftables table, inside a network namespace that only the demo's fail2ban has."
        return f"Bans are only written into a log, not into a firewall: {self.problem}."


def probe_firewall(environment: Mapping[str, str]) -> Firewall:
    """Find out, with the environment that the daemon will have."""
    problem = _problem_of(["true"], environment, "")
    if problem:
        return Firewall(
            isolated=False, with_nftables=False, problem=f"this kernel gives no network namespace away ({problem})"
        )
    problem = _problem_of(["nft", "-f", "-"], environment, _RULES)
    if "No such file" in problem and "nft" in problem:
        problem = "nft is not installed (Debian package nftables)"
    elif problem:
        problem = f"nftables does not work in a namespace here ({problem})"
    return Firewall(isolated=True, with_nftables=not problem, problem=problem)


def _problem_of(command: list[str], environment: Mapping[str, str], text: str) -> str:
    """Why the command fails in a namespace of its own; empty when it does not."""
    try:
        done = subprocess.run(
            [*_NAMESPACE, *command],
            env=dict(environment),
            input=text,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    if done.returncode == 0:
        return ""
    lines = done.stderr.strip().splitlines()
    return lines[0] if lines else f"exit status {done.returncode}"
