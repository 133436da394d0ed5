"""This machine, as far as the test takes hold of it: processes of its own, namespaces of its own, a disk of its own."""

import ctypes
import fcntl
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

INSIDE = "STANCE_CHAOS_INSIDE"
PATIENCE = 180  # seconds: only what hangs takes so long
PDEATHSIG = 1


class Skipped(Exception):
    """This machine lacks what a part needs; the text says what."""


class Failed(Exception):
    """Something was promised and not kept; the text says what."""


def enter_namespaces():
    """As root, goes on in namespaces of its own: whatever is started, mounted or linked there ends with this process, however it ends."""
    if os.environ.get(INSIDE) or os.geteuid() != 0:
        return
    words = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    try:
        subprocess.run([*words, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return
    os.environ[INSIDE] = "1"
    sys.stdout.flush()
    os.execvp(words[0], [*words, sys.executable, *sys.argv])


def has_namespaces():
    return bool(os.environ.get(INSIDE))


def raise_loopback():
    """A new network namespace has its loopback down."""
    up_and_running = 0x41
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", up_and_running))  # SIOCSIFFLAGS


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_until(condition, what, patience=PATIENCE, pause=0.1):
    """Asks until there is an answer, and gives it."""
    deadline = time.monotonic() + patience
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise Failed(f"in {patience} s not: {what}")
        time.sleep(pause)


def _ends_with_parent():
    ctypes.CDLL(None).prctl(PDEATHSIG, signal.SIGKILL)


class Process:
    """A program that is started, killed, frozen and started again. What it says goes to one file.

    To be started by the main thread: it ends with the thread that started it.
    """

    def __init__(self, name, command, folder, env=None):
        self.name, self.command, self.env = name, [str(word) for word in command], env or {}
        self.log = pathlib.Path(folder) / f"{name}.log"
        self.child, self.is_frozen, self.starts = None, False, 0

    def start(self):
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=os.environ | self.env,
                                          preexec_fn=_ends_with_parent)
        self.is_frozen = False
        self.starts += 1
        return self

    @property
    def is_running(self):
        return self.child is not None and self.child.poll() is None

    def kill(self):
        """kill -9."""
        if self.child:
            self.child.kill()
            self.child.wait()

    def freeze(self):
        self.child.send_signal(signal.SIGSTOP)
        self.is_frozen = True

    def thaw(self):
        self.child.send_signal(signal.SIGCONT)
        self.is_frozen = False

    def stop(self):
        """SIGTERM, and in the end kill -9. Gives the exit status."""
        if not self.child:
            return None
        if self.is_running:
            self.child.terminate()
            self.thaw()
            try:
                self.child.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.child.returncode

    def said(self, words):
        """How many lines of its log have these words."""
        return self.log.read_bytes().count(words.encode()) if self.log.exists() else 0

    def waits_for_store(self):
        """Whether it has said, after it was last at work, that it waits for the job store."""
        last = self.log.read_bytes() if self.log.exists() else b""
        return last.rfind(b"waiting for the job store") > max(last.rfind(b'"listening"'), last.rfind(b'"working"'))

    def last_words(self):
        return self.log.read_bytes()[-1500:].decode(errors="replace") if self.log.exists() else ""


class Disk:
    """Where jobs' files lie: as root a small disk of its own that can be filled."""

    SIZE = 640 << 20  # inputs leave 256 MiB free, and a clip's results take tens

    def __init__(self, path):
        self.path = path
        path.mkdir(mode=0o700)
        self.can_be_filled = has_namespaces()
        if self.can_be_filled:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.SIZE},mode=0700", "stance-chaos", path], check=True)
        self.ballast = path / "ballast"

    def fill(self):
        with self.ballast.open("wb", buffering=0) as file:
            block = bytes(1 << 20)
            try:
                while True:
                    file.write(block)
            except OSError:
                pass

    def free(self):
        self.ballast.unlink(missing_ok=True)

    def close(self):
        if self.can_be_filled:
            subprocess.run(["umount", "--lazy", self.path], check=False)

    def files(self):
        """Of each job's folder, what lies in it, hidden files too."""
        return {folder.name: sorted(os.listdir(folder)) for folder in self.path.iterdir()
                if folder.is_dir() and not folder.name.startswith(".")}


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Skipped(f"{program} is not installed")
