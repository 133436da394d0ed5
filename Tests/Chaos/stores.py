"""The three stores, with their servers as the test starts and kills them at an address of this machine."""

import os
import pathlib
import pwd
import secrets
import shutil
import socket
import subprocess
import time

from machine import Failed, Process, Skipped, free_port, need, wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]


class SQLite:
    """No server: a file."""

    name, server, server_is_apart, loses = "sqlite", None, False, False
    title = "SQLite"

    def __init__(self, folder, host="127.0.0.1", prefix=()):
        self.address = f"sqlite:{folder}/jobs.db"

    def start(self):
        pass

    def stop(self):
        pass


class Redis:
    name, server_is_apart, loses, fsync = "redis", True, False, "always"
    title = "Redis, appendfsync always"

    def __init__(self, folder, host="127.0.0.1", prefix=()):
        # Debian's server is a link to one of its tools, and is what it is called.
        program = shutil.which("redis-server")
        if not program:
            need("redis-check-rdb")
            program = folder / "redis-server"
            program.symlink_to(shutil.which("redis-check-rdb"))
        self.folder, self.host, self.port, self.password = folder / "redis", host, free_port(), secrets.token_hex(16)
        self.folder.mkdir()
        settings = self.folder / "redis.conf"
        settings.write_text(f"bind {host}\nport {self.port}\nrequirepass {self.password}\ndir {self.folder}\nsave \"\"\n"
                            f"appendonly yes\nappendfsync {self.fsync}\nmaxmemory-policy noeviction\n")
        settings.chmod(0o600)
        self.address = f"redis://:{self.password}@{host}:{self.port}"
        self.server = Process("redis", [*prefix, program, settings], folder)
        self.sizes = []

    def start(self):
        self.server.start()
        wait_until(self._answers, "Redis answers")

    def _answers(self):
        if not self.server.is_running:
            raise Failed(f"Redis ended: {self.server.last_words()}")
        try:
            with socket.create_connection((self.host, self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while b"PONG" not in answer:
                    more = connection.recv(100)
                    if not more or b"LOADING" in more:
                        return False
                    answer += more
                return True
        except OSError:
            return False

    def kill(self):
        self.server.kill()

    def watch(self):
        """Called many times a second."""

    def stop(self):
        self.server.stop()


class RedisEverySecond(Redis):
    """Killed as by a loss of power: what was written within the last second never came to the disk."""

    name, loses, fsync = "redis-everysec", True, "everysec"
    title = "Redis, appendfsync everysec, power lost"

    def _log(self):
        files = sorted((self.folder / "appendonlydir").glob("*.incr.aof"), key=lambda file: file.stat().st_mtime)
        return files[-1] if files else None

    def watch(self):
        if log := self._log():
            self.sizes.append((time.monotonic(), log, log.stat().st_size))
            del self.sizes[:-200]

    def kill(self):
        self.watch()
        now, log, _ = self.sizes[-1]
        super().kill()
        durable = [size for then, file, size in self.sizes if file == log and now - then >= 1]
        if durable:
            os.truncate(log, durable[-1])


class PostgreSQL:
    name, server_is_apart, loses = "postgresql", True, False
    title = "PostgreSQL"

    def __init__(self, folder, host="127.0.0.1", prefix=()):
        programs = self._programs()
        self.user = []
        self.folder, self.host, self.port = folder / "postgresql", host, free_port()
        password = secrets.token_hex(16)
        self.folder.mkdir()
        (self.folder / "password").write_text(password)
        if os.geteuid() == 0:
            # It does not run as root, so root lends it a user who has nothing here.
            nobody = pwd.getpwnam("nobody")
            self.user = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups", "--"]
            for path in (self.folder, self.folder / "password"):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        made = subprocess.run([*self.user, f"{programs}/initdb", f"--pgdata={self.folder}/data", "--username=stance", "--auth=scram-sha-256",
                               f"--pwfile={self.folder}/password", "--encoding=UTF8", "--locale=C", "--no-instructions"],
                              cwd=self.folder, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise Skipped(f"initdb: {made.stderr.strip()}")
        with (self.folder / "data/pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {host}/24 scram-sha-256\n")
        self.address = f"postgresql://stance:{password}@{host}:{self.port}/postgres"
        settings = [f"listen_addresses={host}", "unix_socket_directories=", "max_connections=80", "shared_buffers=16MB", "jit=off",
                    "dynamic_shared_memory_type=mmap", "logging_collector=off"]
        self.ready = [f"{programs}/pg_isready", "-q", "-h", host, "-p", str(self.port)]
        self.server = Process("postgresql", [*prefix, *self.user, f"{programs}/postgres", "-D", self.folder / "data", "-p", self.port,
                                             *(word for setting in settings for word in ("-c", setting))], folder)

    @staticmethod
    def _programs():
        for root in ("/usr", ROOT / ".deps/postgresql/usr"):
            for version in (17, 16, 15, 14):
                folder = pathlib.Path(root) / f"lib/postgresql/{version}/bin"
                if (folder / "initdb").exists():
                    return folder
        raise Skipped("PostgreSQL is not installed (make databases)")

    def start(self):
        self.server.start()
        wait_until(self._answers, "PostgreSQL answers")

    def _answers(self):
        if not self.server.is_running:
            # What the killed one shared with its children may be in use for another moment.
            time.sleep(0.2)
            self.server.start()
        return subprocess.run(self.ready, check=False).returncode == 0

    def kill(self):
        """All of it at once: its parent, then what that had started."""
        children = _children(self.server.child.pid)
        self.server.kill()
        for child in children:
            try:
                os.kill(child, 9)
            except ProcessLookupError:
                pass

    def watch(self):
        pass

    def stop(self):
        if self.server.is_running:
            self.server.child.send_signal(3)  # SIGQUIT: at once, and its shared memory is freed
            self.server.child.wait(60)


def _children(parent):
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(folder.name))
    return found


STORES = {store.name: store for store in (SQLite, Redis, RedisEverySecond, PostgreSQL)}
