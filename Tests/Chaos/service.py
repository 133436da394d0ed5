"""The program under test: a service and its workers, and a client of them."""

import contextlib
import http.client
import json
import re
import secrets
import time

from machine import Failed, Process, free_port, wait_until

QUERY = "complexity=0&search=quick"
ENDED = ("done", "failed", "dead", "cancelled")
LOST = "work of a job did not count"


class Unanswered(Exception):
    """The service was away, or went away before it had answered."""


class Cluster:
    """One `stance serve` and some `stance work`, each with one thread."""

    def __init__(self, program, store, disk, folder, workers, *options, lease=60, host="127.0.0.1", prefix=()):
        self.store, self.disk, self.host, self.port = store, disk, host, free_port()
        key = secrets.token_hex(16)
        self.headers = {"Authorization": f"Bearer {key}"}
        keys, address = folder / "keys", folder / "address"
        keys.write_text(f"{key} # chaos\n")
        keys.chmod(0o600)
        # Not on a command line: it can hold a password.
        env = {"STANCE_JOBS": store.address, "STANCE_LOG_FORMAT": "json", "SWIFT_BACKTRACE": "enable=no"}
        self.words = ["--job-files", disk.path, "--job-lease", f"{lease}s", "--threads", 1, "--complexity", 0, *options]
        self.program, self.env, self.folder, self.lease = program, env, folder, lease
        self.server = Process("server", [*prefix, program, "serve", "--host", host, "--port", self.port, "--api-keys", keys, *self.words],
                              folder, env)
        self.workers = [self.worker(number + 1) for number in range(workers)]

    def worker(self, number, prefix=(), env=None):
        words = [word for word in self.words if word not in ("--complexity", 0)]
        return Process(f"worker-{number}", [*prefix, self.program, "work", *words], self.folder, self.env | (env or {}))

    @property
    def processes(self):
        return [self.server, *self.workers]

    def start(self):
        self.store.start()
        for process in self.processes:
            process.start()
        self.wait_until_ready()

    def wait_until_ready(self):
        wait_until(self._is_ready, "the service is ready")

    def _is_ready(self):
        if not self.server.is_running:
            raise Failed(f"the service ended: {self.server.last_words()}")
        with contextlib.suppress(Unanswered):
            return self.ask("GET", "/readyz")[0] == 200
        return False

    def stop(self):
        for process in self.processes:
            if process.is_running:
                process.child.terminate()
                process.thaw()
        statuses = {process.name: process.stop() for process in self.processes}
        self.store.stop()
        return statuses

    # The client.

    def ask(self, method, path, body=None, headers=None, timeout=60):
        """Gives status, headers (names in small letters) and body."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            connection.request(method, path, body, self.headers | (headers or {}))
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(str(error)) from error
        finally:
            connection.close()

    def surely(self, method, path, wanted=(200,), patience=120):
        """Asks until the service answers as wanted; a job that is not there is an answer too."""
        deadline = time.monotonic() + patience
        while True:
            last = "no answer"
            with contextlib.suppress(Unanswered):
                status, _, body = self.ask(method, path)
                if status in (*wanted, 404):
                    return status, body
                last = f"{status} {body[:300]}"
            if time.monotonic() > deadline:
                raise Failed(f"{method} {path}: {last}")
            time.sleep(0.3)

    def submit(self, files, query=QUERY, key=None, field="image", leaves=False):
        """Hands a job over once. Who `leaves` does so before the answer.

        `files` are names with their bytes. Gives the status and what was answered, as JSON.
        """
        boundary = "chaos" + secrets.token_hex(12)
        body = b"".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'.encode() + data + b"\r\n"
            for name, data in files) + f"--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"} | ({"Idempotency-Key": key} if key else {})
        path = f"/v1/jobs?{query}"
        if leaves:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection.request("POST", path, body, self.headers | headers)
            connection.close()
            raise Unanswered("left")
        status, _, body = self.ask("POST", path, body, headers)
        try:
            return status, json.loads(body)
        except ValueError as error:
            raise Unanswered(f"{status}, and no JSON") from error

    def hand_over(self, files, **options):
        """Hands a job over for certain, by repeating the request under one key. Gives its id."""
        options.setdefault("key", secrets.token_hex(8))
        refusals = []

        def attempt():
            with contextlib.suppress(Unanswered):
                status, answer = self.submit(files, **options)
                if status == 202:
                    return answer["id"]
                if status < 500:
                    raise Failed(f"POST /v1/jobs: {status} {answer}")
                refusals.append(answer)
            return None

        try:
            return wait_until(attempt, "a job is accepted", pause=0.3)
        except Failed as failure:
            raise Failed(f"{failure}; {refusals[-1:]}") from failure

    def job(self, id_):
        """As the service tells it; None when there is no such job."""
        status, body = self.surely("GET", f"/v1/jobs/{id_}")
        return json.loads(body) if status == 200 else None

    def jobs(self):
        """All jobs of the store, by id."""
        found, older = {}, ""
        while True:
            _, body = self.surely("GET", f"/v1/jobs?limit=200{older}")
            page = json.loads(body)
            found.update((job["id"], job) for job in page["jobs"])
            if not page.get("next"):
                return found
            older = f"&before={page['next']}"

    def result(self, id_):
        """Its bytes; None when there is none."""
        status, body = self.surely("GET", f"/v1/jobs/{id_}/result", wanted=(200, 409))
        return body if status == 200 else None

    def wait_for(self, id_, states=ENDED, patience=600):
        def look():
            job = self.job(id_)
            if job is None:
                raise Failed(f"job {id_} is gone")
            return job if job["state"] in states else None

        return wait_until(look, f"job {id_} is one of {states}", patience, pause=0.2)

    def metric(self, name):
        _, body = self.surely("GET", "/metrics")
        found = re.search(rf"^{re.escape(name)} ([0-9.e+]+)$", body.decode(), re.M)
        return int(float(found[1])) if found else None

    def refused_ends(self):
        """How often a worker was told that its work did not count."""
        return sum(process.said(LOST) for process in self.processes)
