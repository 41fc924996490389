"""What BanGUI does: use cases over the `Gateway` port. They know the domain and nothing else.

Except for `live`, none of them needs a running event loop: they only await the gateway, one operation after another,
so the command line can run them over a plain blocking exchange.
"""
