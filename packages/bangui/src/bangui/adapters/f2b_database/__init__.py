"""fail2ban's own database as a source of bans: read only, a slice at a time, and never in the daemon's way."""
