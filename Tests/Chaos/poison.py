"""A photo that kills whoever opens it, by the system's own watch over files; and results whose time is over."""

import contextlib
import ctypes
import os
import signal
import struct
import threading

from machine import Disk, Failed, Skipped, has_namespaces, wait_until
from service import Cluster

LEASE = 3  # seconds
ATTEMPTS = 3  # that an item has
CONTENT_CLASS, OPEN_PERM, ADD, MOUNT = 0x4, 0x10000, 0x1, 0x10  # of <sys/fanotify.h>
ALLOW, DENY = 1, 2


class Poison:
    """Kills every process that opens a file of this size on this disk, before it has it open."""

    def __init__(self, path, size):
        self.size, self.kills = size, 0
        library = ctypes.CDLL(None, use_errno=True)
        self.events = library.fanotify_init(CONTENT_CLASS, os.O_RDONLY)
        if self.events < 0:
            raise Skipped(f"fanotify: {os.strerror(ctypes.get_errno())}")
        library.fanotify_mark.argtypes = [ctypes.c_int, ctypes.c_uint, ctypes.c_uint64, ctypes.c_int, ctypes.c_char_p]
        if library.fanotify_mark(self.events, ADD | MOUNT, OPEN_PERM, -100, os.fsencode(path)) != 0:
            os.close(self.events)
            raise Skipped(f"fanotify: {os.strerror(ctypes.get_errno())}")
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self):
        while True:
            try:
                events = os.read(self.events, 4096)
            except OSError:
                return
            while events:
                length, _, _, _, _, descriptor, pid = struct.unpack_from("=IBBHQii", events)
                events = events[length:]
                is_poison = os.fstat(descriptor).st_size == self.size and pid != os.getpid()
                if is_poison:
                    self.kills += 1
                    os.kill(pid, signal.SIGKILL)
                with contextlib.suppress(OSError):  # closed meanwhile, which answers too
                    os.write(self.events, struct.pack("=iI", descriptor, DENY if is_poison else ALLOW))
                os.close(descriptor)

    def close(self):
        # Who waits for an answer gets one by this.
        os.close(self.events)


class Restarts:
    """Starts every process of a cluster again that ends, from entering to leaving."""

    def __init__(self, cluster):
        self.cluster, self.is_over = cluster, threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.is_over.set()
        self.thread.join()

    def _watch(self):
        while not self.is_over.wait(0.1):
            for process in self.cluster.processes:
                if not process.is_running:
                    process.start()


def poison(setting, store_type, report):
    if not has_namespaces():
        raise Skipped("the watch over files needs root")
    folder, pictures = setting.folder, setting.pictures
    disk = Disk(folder / "files")
    cluster = Cluster(setting.program, store_type(folder), disk, folder, 1, lease=LEASE)
    names = list(pictures.bytes)[:6]
    bad = names[2]
    files = [(name, data + bytes(12_345) if name == bad else data) for name, data in pictures.files(names)]
    watch = Poison(disk.path, len(dict(files)[bad]))
    try:
        cluster.start()
        # The service itself may be killed, also between two questions.
        with Restarts(cluster):
            id_ = cluster.hand_over(files)
            cluster.wait_for(id_, ("done", "dead", "failed"), patience=300)
            check(cluster, pictures, names, bad, id_, watch, report)
    finally:
        watch.close()
        cluster.stop()
        disk.close()


def check(cluster, pictures, names, bad, id_, watch, report):
    job = cluster.job(id_)
    difference, reasons = pictures.difference(names, cluster.result(id_))
    report |= {"kills": watch.kills, "state": job["state"], "failed items": job["progress"]["failed"], "reason": reasons[0] if reasons else None}
    report["leases lost"] = cluster.metric("stance_job_leases_lost_total")
    if difference or job["state"] != "done" or job["progress"]["failed"] != 1 or len(reasons) != 1 or watch.kills != ATTEMPTS:
        raise Failed(f"{bad} killed {watch.kills} processes, {ATTEMPTS} were expected; {difference}; {reasons}; {job}")


def sweep(setting, store_type, report):
    """Results go when their time is over, and their room comes back."""
    folder, pictures, count = setting.folder, setting.pictures, 20
    disk = Disk(folder / "files")
    cluster = Cluster(setting.program, store_type(folder), disk, folder, 1, "--job-keep", "2s")
    try:
        cluster.start()
        for number in range(count):
            cluster.hand_over(pictures.files(pictures.of_job(number)))
        wait_until(lambda: not cluster.jobs(), "all jobs are swept", pause=1)
        wait_until(lambda: not any(disk.files().values()), "their files are gone")
        wait_until(lambda: cluster.metric("stance_job_file_bytes") == 0, "the service counts no bytes", pause=1)
        report |= {"accepted": count, "swept": count, "bytes left": 0}
    finally:
        cluster.stop()
        disk.close()
