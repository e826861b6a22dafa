"""A web application that counts its visits in a file.

    GET /       says that it is well, and counts nothing: the probes ask for it
    GET /visit  counts a visit, and says how many there were

The count is in visits/visits.txt under the working directory, a number and a
line end, so that it outlives the process where a volume is mounted there.
"""

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

PORT = 5000
VISITS = Path("visits/visits.txt")

counting = Lock()


def store(visits):
    """Replaces the file as a whole: a reader never sees half a number."""
    new = VISITS.with_suffix(".new")
    new.write_text(f"{visits}\n")
    os.replace(new, VISITS)


def count():
    """Counts one visit and returns how many there were, this one included."""
    with counting:
        visits = int(VISITS.read_text()) + 1
        store(visits)
        return visits


class Application(BaseHTTPRequestHandler):
    """Answers one request."""

    def do_GET(self):
        if self.path == "/":
            self.answer(200, "app-python is well")
        elif self.path == "/visit":
            self.answer(200, f"visits: {count()}")
        else:
            self.answer(404, f"nothing is at {self.path}")

    def answer(self, status, text):
        body = f"{text}\n".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code="-", size="-"):
        # Two probes a second would hide everything else in the log.
        if self.path != "/":
            super().log_request(code, size)


def main():
    # The first process of a container has no default action for SIGTERM:
    # without a handler each stop would take the whole grace period.
    signal.signal(signal.SIGTERM, lambda signum, frame: sys.exit(0))
    VISITS.parent.mkdir(exist_ok=True)
    if not VISITS.exists():
        store(0)
    with ThreadingHTTPServer(("", PORT), Application) as server:
        print(f"listening on port {PORT}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
