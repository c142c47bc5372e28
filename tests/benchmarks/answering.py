"""A server to be measured, alone in its process: `python -m tests.benchmarks.answering simulator|BYTES`.

The simulator with quotas off, or `http.server` with an answer of so many bytes: the floor.  It prints its address,
and for every line that it reads the seconds of the processor that it used and its greatest memory in megabytes.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from flask_amazon_channel.simulator import Amazon


def bare(body: bytes) -> ThreadingHTTPServer:
    class Bare(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_PATCH = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    return ThreadingHTTPServer(("127.0.0.1", 0), Bare)


@contextmanager
def serving(what: str) -> Iterator[str]:
    """The address of the server."""
    if what == "simulator":
        with Amazon(seed=1) as amazon:
            amazon.settings(quotas="off")
            yield amazon.url
        return
    server = bare(b"x" * int(what))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def main() -> None:
    with serving(sys.argv[1]) as url:
        print(url, flush=True)
        for _ in sys.stdin:
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(json.dumps({"cpu": time.process_time(), "memory": memory}), flush=True)


if __name__ == "__main__":
    main()
