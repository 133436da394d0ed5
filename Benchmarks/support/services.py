"""HTTP services on this machine: started, waited for, stopped."""
import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time

import environment
from workers import Worker, pinned

STARTING = 60  # seconds
STOPPING = 40


class Service:
    """A process that answers at 127.0.0.1. Use it in `with`: it is always stopped."""

    def __init__(self, name, command, ready="/", cwd=None, cores=None):
        """`command` is given the port; `ready` is a path that is answered without a 5xx when the service is ready; `cores` are its own."""
        self.name = name
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        log = environment.WORK / "load" / f"{time.strftime('%H%M%S')}-{name.replace(' ', '-')}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        self.log = log.open("w+")
        self.process = subprocess.Popen([str(word) for word in command(self.port)], cwd=cwd, stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=subprocess.STDOUT, preexec_fn=pinned(cores))
        self._wait_until_ready(ready)

    def _wait_until_ready(self, path):
        deadline = time.monotonic() + STARTING
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", path)
                if connection.getresponse().status < 500:
                    return
            time.sleep(0.1)
        self.close()
        raise RuntimeError(f"{self.name} did not start: {self._last_words()}")

    def _last_words(self):
        self.log.seek(0)
        return self.log.read()[-2000:]

    def callers(self, benchmark, count, photos, target="/v1/pose?maxPeople=1&search=quick", field=None, label=None, cores=None):
        """So many callers of this service, by `stance-benchmark`, as a worker that takes turns with others; `label` tells it from others."""
        form = ["--field", field] if field else []
        name = ", ".join([self.name, str(count), *([label] if label else [])])
        return Worker(name, [benchmark, "callers", *photos, "--port", self.port,
                             "--target", target, "--callers", count, *form], cores)

    def cameras(self, count, credits, query, frames, cores=None):
        """So many cameras at /v1/live, each with those frames at 30 a second (support/cameras.py)."""
        return Worker(f"{self.name}, {count} cameras", [sys.executable, environment.ROOT / "Benchmarks/support/cameras.py", *frames,
                                                        "--port", self.port, "--cameras", count, "--credits", credits, "--query", query], cores)

    def resident(self):
        """MB of 10^6 bytes."""
        with open(f"/proc/{self.process.pid}/status") as file:
            fields = dict(line.split(":", 1) for line in file)
        return int(fields["VmRSS"].split()[0]) * 1024 / 1e6

    def exit_status(self):
        """None while it runs; waits a moment for one that is just ending."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=2)
        return self.process.returncode

    def close(self):
        """Returns the exit status after SIGTERM."""
        self.process.terminate()
        try:
            return self.process.wait(timeout=STOPPING)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
        self.log.close()
