"""The outside world, translated into the domain's words: fail2ban behind its socket, and this machine."""
