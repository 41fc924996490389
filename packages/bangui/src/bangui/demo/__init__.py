"""`bangui demo`: a private fail2ban under made-up attack, to look at and to test with."""

from bangui.demo.demo import OWNER, Demo
from bangui.demo.errors import DemoFailed
from bangui.demo.firewall import Firewall, probe_firewall
from bangui.demo.signals import cancelled_by_signals

__all__ = ["OWNER", "Demo", "DemoFailed", "Firewall", "cancelled_by_signals", "probe_firewall"]
