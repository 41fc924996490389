"""What BanGUI talks about: pure values and rules, no I/O, standard library only.

Every value carries the `host` that it speaks of, so that one console can show many machines.
"""
