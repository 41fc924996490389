"""fail2ban's own log, in a file or in the journal, as a source of the history."""
