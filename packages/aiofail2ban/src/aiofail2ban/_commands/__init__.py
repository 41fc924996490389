"""Every command of the daemon as a value: functions that check their arguments and return a `Command`.

Nothing here does I/O. Arguments are checked before they become tokens; parsers raise `Fail2BanProtocolError` on a
reply of a shape that they do not know. What differs between fail2ban versions is told apart by the reply's shape.
"""
