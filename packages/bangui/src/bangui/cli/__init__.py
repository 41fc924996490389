"""The command line.

`main` parses and dispatches; each command is a small function that calls one service and renders what it answers, as
text or as JSON. What the commands stand on (a gateway, a clock, the server) is handed in by `bangui.runtime`, so that
nothing here is imported before it is needed: most commands must be done in a blink.
"""
