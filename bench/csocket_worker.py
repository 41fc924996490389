"""Runs fail2ban's own client class in fail2ban's own interpreter: a program of its own, driven over its pipes.

A line of standard input is one piece of work as JSON; the line that answers it holds times and failures. The one
connection is kept, which is the fastest use of that class.
"""

import importlib
import json
import sys
import time


def main() -> None:
    """Serve until standard input ends."""
    socket_class = importlib.import_module("fail2ban.client.csocket").CSocket
    connection = socket_class(sys.argv[1])
    for line in sys.stdin:
        work = json.loads(line)
        failed = 0
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(work["count"]):
            code, _value = connection.send(work["command"])
            failed += code != 0
        seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
        print(json.dumps({"seconds": seconds, "cpu_seconds": cpu_seconds, "failed": failed}), flush=True)


if __name__ == "__main__":
    main()
