"""The storm: jobs are handed over while everything is killed at random. Afterwards each of them is looked at."""

import collections
import contextlib
import json
import queue
import random
import secrets
import threading
import time

from machine import Disk, Failed, wait_until
from service import ENDED, Cluster, Unanswered

CLIENTS = 6
LEASE = 5  # seconds
GAP = (0.6, 2.2)  # seconds between two blows
# How often of a hundred blows.
BLOWS = {"worker": 45, "server": 20, "store": 15, "freeze": 12, "full disk": 8}


class Clients:
    """Hand so many jobs over within so many seconds, and repeat themselves."""

    def __init__(self, cluster, pictures, jobs, seconds, seed):
        self.cluster, self.pictures, self.seconds, self.count = cluster, pictures, seconds, jobs
        self.ids = collections.defaultdict(set)  # by number
        self.counts, self.wrong = collections.Counter(), []
        self.lock, self.isOver = threading.Lock(), threading.Event()
        self.begin, self.seed, self.run_id = time.monotonic(), seed, secrets.token_hex(4)
        self.numbers = queue.SimpleQueue()
        for number in range(jobs):
            self.numbers.put(number)
        self.threads = [threading.Thread(target=self._work, args=(random.Random(f"{seed} {name}"),), daemon=True) for name in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def _work(self, chance):
        while not self.isOver.is_set():
            try:
                number = self.numbers.get_nowait()
            except queue.Empty:
                return
            # Spread over the time of the storm.
            self.isOver.wait(max(0, self.begin + number * self.seconds * 0.9 / self.count - time.monotonic()))
            kind = chance.choices(["plain", "repeats", "twins", "leaves"], [70, 12, 9, 9])[0]
            try:
                if kind == "leaves":
                    self._attempt(number, leaves=True)
                if kind == "twins":
                    twin = threading.Thread(target=self._until_accepted, args=(number,), daemon=True)
                    twin.start()
                    self._until_accepted(number)
                    twin.join()
                else:
                    self._until_accepted(number)
                if kind == "repeats":
                    self.isOver.wait(chance.uniform(0, 3))
                    self._until_accepted(number)
                self._count(kind)
            except Exception as error:  # a thread's end must be seen
                self._wrong(f"client, job {number}: {error!r}")

    def _until_accepted(self, number):
        while not self.isOver.is_set():
            if self._attempt(number):
                return
            self.isOver.wait(0.3)

    def _attempt(self, number, leaves=False):
        names = self.pictures.of_job(number)
        try:
            status, answer = self.cluster.submit(self.pictures.files(names), key=f"{self.run_id}-{number}", leaves=leaves)
        except Unanswered:
            self._count("unanswered")
            return False
        if status == 202:
            with self.lock:
                self.ids[number].add(answer["id"])
            self._count("answered 202")
            return True
        self._count(f"refused {status}")
        if status not in (429, 503):
            self._wrong(f"POST /v1/jobs: {status} {answer}")
        return False

    def _count(self, word):
        with self.lock:
            self.counts[word] += 1

    def _wrong(self, text):
        with self.lock:
            if text not in self.wrong:
                self.wrong.append(text)

    def end(self, patience=300):
        """Waits until all are accepted."""
        deadline = time.monotonic() + patience
        for thread in self.threads:
            thread.join(max(0, deadline - time.monotonic()))
        if any(thread.is_alive() for thread in self.threads):
            self._wrong(f"not all jobs were accepted within {patience} s after the storm")
        self.isOver.set()


class Watcher:
    """Looks at the newest jobs all the time: what has ended must stay as it was first seen."""

    def __init__(self, cluster):
        self.cluster, self.seen, self.changed = cluster, {}, set()
        self.isOver = threading.Event()
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def _work(self):
        while not self.isOver.wait(0.7):
            with contextlib.suppress(Unanswered, ValueError, KeyError):
                status, _, body = self.cluster.ask("GET", "/v1/jobs?limit=200", timeout=20)
                if status == 200:
                    self.look(json.loads(body)["jobs"])

    def look(self, jobs):
        for job in jobs:
            before = self.seen.get(job["id"])
            if before and before != self._end(job):
                self.changed.add(job["id"])
            elif job["state"] in ENDED and "ended" in job:
                self.seen.setdefault(job["id"], self._end(job))

    @staticmethod
    def _end(job):
        return job["state"], job.get("ended"), job.get("result", {}).get("sha256")

    def end(self):
        self.isOver.set()
        self.thread.join(60)


class Blows:
    """Kills, freezes and fills at random, and starts again what ended. Run by the main thread."""

    def __init__(self, cluster, disk, seed):
        self.cluster, self.disk, self.chance = cluster, disk, random.Random(seed)
        self.counts, self.wrong = collections.Counter(), []
        self.due = []  # what is to be done later: when, and what

    def strike(self, seconds):
        end = time.monotonic() + seconds
        following = time.monotonic() + 1
        while time.monotonic() < end:
            self._pass()
            if time.monotonic() >= following:
                self._blow()
                following = time.monotonic() + self.chance.uniform(*GAP)
        while self.due:
            self._pass()

    def watch(self, seconds):
        """Only looks after what ended by itself."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._pass()

    def _pass(self):
        time.sleep(0.05)
        if self.cluster.store.server:
            self.cluster.store.watch()
        for item in [item for item in self.due if item[0] <= time.monotonic()]:
            self.due.remove(item)
            item[1]()
        for process in self.cluster.processes:
            if not process.is_running and not any(name == process.name for _, _, name in self.due):
                if self.cluster.store.server and process.child.returncode == 1 and process.waits_for_store():
                    # Started while there was no store, it waited, and ended in the end; who watches over it starts it again.
                    self.counts["start without store"] += 1
                else:
                    self.wrong.append(f"{process.name} ended by itself with status {process.child.returncode}: {process.last_words()[-300:]}")
                process.start()

    def _blow(self):
        kinds = [kind for kind in BLOWS if (kind != "store" or self.cluster.store.server) and (kind != "full disk" or self.disk.can_be_filled)]
        kind = self.chance.choices(kinds, [BLOWS[kind] for kind in kinds])[0]
        workers = [worker for worker in self.cluster.workers if worker.is_running and not worker.is_frozen]
        if kind == "worker" and workers:
            worker = self.chance.choice(workers)
            worker.kill()
            self._later(self.chance.uniform(0, 0.5), worker.start, worker.name)
        elif kind == "server" and self.cluster.server.is_running:
            self.cluster.server.kill()
            self._later(self.chance.uniform(0, 1), self.cluster.server.start, "server")
        elif kind == "store":
            self.cluster.store.kill()
            time.sleep(self.chance.uniform(0, 1))
            self.cluster.store.start()
        elif kind == "freeze" and len(workers) > 1:
            worker = self.chance.choice(workers)
            worker.freeze()
            self._later(LEASE * self.chance.uniform(1.2, 2), worker.thaw, worker.name)
        elif kind == "full disk" and not self.disk.ballast.exists():
            self.disk.fill()
            self._later(self.chance.uniform(1, 4), self.disk.free, "disk")
        else:
            return
        self.counts[kind] += 1

    def _later(self, seconds, act, name):
        self.due.append((time.monotonic() + seconds, act, name))


def storm(setting, store_type, report):
    """Gives nothing; says what happened in `report`, and what was wrong by `Failed`."""
    folder = setting.folder
    store, disk = store_type(folder), Disk(folder / "files")
    options = [] if disk.can_be_filled else ["--job-space", room(setting)]
    cluster = Cluster(setting.program, store, disk, folder, 4, *options, lease=LEASE)
    try:
        cluster.start()
        clients = Clients(cluster, setting.pictures, setting.jobs, setting.seconds, setting.seed)
        watcher, blows = Watcher(cluster), Blows(cluster, disk, setting.seed)
        blows.strike(setting.seconds)
        settle(cluster, clients, blows)
        watcher.end()
        Reckoning(setting, cluster, clients, watcher, blows, report).check()
        end_well(cluster, disk, report)
    finally:
        cluster.stop()
        disk.close()


def room(setting):
    """Bytes of files that leave little for inputs once all results are there: some jobs must be refused for a while."""
    line = max(len(json.dumps(result)) for result in setting.pictures.direct.values()) + 200
    return int((setting.jobs * 2 * line + (2 << 20)) / 0.9)


def settle(cluster, clients, blows):
    """Waits until all is accepted and has ended; nobody is killed any more."""
    ending = threading.Thread(target=clients.end, daemon=True)
    ending.start()
    last, since = None, time.monotonic()
    while True:
        blows.watch(1)
        with contextlib.suppress(Unanswered):
            now = tuple(cluster.metric(f'stance_jobs{{state="{state}"}}') for state in ("queued", "running", *ENDED))
            if not ending.is_alive() and now[0] == now[1] == 0:
                return
            if now != last:
                last, since = now, time.monotonic()
        if time.monotonic() - since > 180:
            raise Failed(f"nothing has ended for 180 s; queued, running and ended: {last}; {clients.wrong[:3]}")


class Reckoning:
    """What became of every job."""

    def __init__(self, setting, cluster, clients, watcher, blows, report):
        self.setting, self.cluster, self.clients, self.watcher = setting, cluster, clients, watcher
        self.report, self.wrong = report, [*clients.wrong, *blows.wrong]
        self.report["kills"] = sum(blows.counts[kind] for kind in ("worker", "server", "store"))
        self.report["blows"] = ", ".join(f"{count} {kind}" for kind, count in sorted(blows.counts.items()))
        self.report["repeated"] = clients.counts["answered 202"] - sum(len(ids) for ids in clients.ids.values())
        self.report["requests"] = ", ".join(f"{count} {word}" for word, count in sorted(clients.counts.items()))

    def check(self):
        if self.cluster.store.loses:
            self.report["broken promises"] = 0
        jobs = self.cluster.jobs()
        self.watcher.look(jobs.values())
        self._check_ids(jobs)
        self._run_dead_again(jobs)
        self._check_results(jobs)
        report = self.report
        report["attempts"] = dict(sorted(collections.Counter(job["attempts"] for job in jobs.values()).items()))
        report["leases lost"] = self.cluster.metric("stance_job_leases_lost_total")
        report["refused ends"] = self.cluster.refused_ends()
        if self.wrong:
            raise Failed("\n  ".join([f"{len(self.wrong)} things:", *self.wrong[:10]]))

    def _promise(self, is_kept, text):
        """Where the store may lose what it accepted, what is lost is only counted."""
        if is_kept:
            return
        if self.cluster.store.loses:
            self.report["broken promises"] += 1
        else:
            self.wrong.append(text)

    def _check_ids(self, jobs):
        accepted = self.clients.ids
        self.report["accepted"] = len(accepted)
        if len(accepted) != self.setting.jobs:
            self.wrong.append(f"{len(accepted)} of {self.setting.jobs} jobs were accepted")
        for number, ids in accepted.items():
            self._promise(len(ids) == 1, f"job {number} was accepted as {len(ids)} jobs")
            for id_ in ids:
                if id_ not in jobs:
                    self.report["gone"] = self.report.get("gone", 0) + 1
                self._promise(id_ in jobs, f"job {id_} was accepted and is gone")
        extra = set(jobs) - {id_ for ids in accepted.values() for id_ in ids}
        self._promise(not extra, f"{len(extra)} jobs are there that nobody knows: {sorted(extra)[:3]}")
        for id_ in self.watcher.changed:
            self._promise(False, f"job {id_} changed after its end")

    def _run_dead_again(self, jobs):
        dead = [job for job in jobs.values() if job["state"] == "dead"]
        self.report["dead"] = len(dead)
        for job in dead:
            if not job.get("reason"):
                self.wrong.append(f"job {job['id']} is dead without a reason")
            status, body = self.cluster.surely("POST", f"/v1/jobs/{job['id']}/retry", wanted=(202,))
            if status != 202:
                self.wrong.append(f"retry of the dead job {job['id']}: {status} {body[:200]}")
            else:
                jobs[job["id"]] = self.cluster.wait_for(job["id"]) | {"attempts": job["attempts"]}

    def _check_results(self, jobs):
        numbers = {id_: number for number, ids in self.clients.ids.items() for id_ in ids}
        states, failed = collections.Counter(job["state"] for job in jobs.values()), 0
        self.report["done"] = states.pop("done", 0)
        if states:
            self._promise(False, f"states beside done: {dict(states)}")
        for id_, job in jobs.items():
            if job["state"] != "done" or id_ not in numbers:
                continue
            result = self.cluster.result(id_)
            if result is None:
                self._promise(False, f"job {id_} is done and has no result")
                continue
            difference, reasons = self.setting.pictures.difference(self.setting.pictures.of_job(numbers[id_]), result)
            self._promise(not difference, f"job {id_}: {difference}")
            failed += len(reasons)
            for reason in reasons:
                self._promise("worker" in reason, f"job {id_}: an item failed with {reason}")
        self.report["dead items"] = failed


def end_well(cluster, disk, report):
    """All end by SIGTERM with status 0, and one worker that starts then leaves nothing but results."""
    jobs = cluster.jobs()
    for worker in cluster.workers:
        if (status := worker.stop()) != 0:
            raise Failed(f"{worker.name} ended by SIGTERM with status {status}")
    cluster.workers[0].start()

    def is_tidy():
        left = disk.files()
        return all(len(left.get(id_, [])) <= 1 for id_ in jobs)

    wait_until(is_tidy, "jobs that have ended keep nothing but their result", pause=0.5)
    # What a killed server took in without accepting it is swept after an hour.
    report["unaccepted uploads left for the sweep"] = len(set(disk.files()) - set(jobs))


