"""cameras.py --port N --query QUERY --cameras N --credits N [--rate N] FRAME…: so many cameras at /v1/live, in turn with other workers.

Each camera makes a frame every 1/rate s. As docs/live.md asks of a client, it sends one only while fewer than its credits are without an
answer, and then the newest that it has. All are in one thread without a library: sockets that do not wait, `poll`, frames masked with zeros
and put together beforehand. So the client takes little of its core; how much is told with each answer, and how long it had to wait for the core where others want it, too:
so long may answers have lain in the kernel before they were read.

The language is that of workers.py: "ready", then for each "go SECONDS" new sessions and one object of JSON.
"""
import argparse
import base64
import json
import os
import select
import socket
import statistics
import sys
import time

WARM_UP = 1.0  # seconds, not counted
LAST_ANSWERS = 60.0
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def frame(opcode, data):
    """One frame, masked with zeros as a client has to."""
    size = len(data)
    if size < 126:
        length = bytes([0x80 | size])
    elif size < 65536:
        length = bytes([0x80 | 126]) + size.to_bytes(2, "big")
    else:
        length = bytes([0x80 | 127]) + size.to_bytes(8, "big")
    return bytes([0x80 | opcode]) + length + bytes(4) + data


class Camera:
    """One session, and what became of its frames."""

    def __init__(self, options, pictures, offset):
        self.pictures, self.credits, self.offset = pictures, options.credits, offset
        self.interval = 1 / options.rate
        self.next_picture = 0.0
        self.made = 0  # frames, of which the last one waits to be sent while `waits`
        self.waits = False
        self.sent = []  # when each frame without an answer was sent
        self.unsent, self.unread = b"", bytearray()
        self.is_counted = False
        self.delays, self.totals = [], []
        self.dropped = self.skipped = self.errors = 0
        self.socket = socket.create_connection(("127.0.0.1", options.port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._shake_hands(options)
        self.socket.setblocking(False)

    def _shake_hands(self, options):
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(f"GET /v1/live?{options.query} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        while b"\r\n\r\n" not in self.unread:
            piece = self.socket.recv(65536)
            if not piece:
                break
            self.unread += piece
        head, _, rest = bytes(self.unread).partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101"):
            raise RuntimeError(f"no session: {(head + rest).decode(errors='replace')[:500]}")
        self.unread = bytearray(rest)

    def picture_is_due(self, now):
        """Makes the next frame; the one before it is skipped if it was never sent."""
        self.next_picture += self.interval
        if self.is_counted:
            self.skipped += self.waits
        self.made += 1
        self.waits = True
        self.send(now)

    def send(self, now):
        if not self.waits or len(self.sent) >= self.credits:
            return
        self.waits = False
        self.sent.append(now)
        self._write(self.pictures[(self.offset + self.made) % len(self.pictures)])

    def _write(self, data):
        self.unsent += data
        self.flush()

    def flush(self):
        """Gives the kernel what it takes."""
        while self.unsent:
            try:
                self.unsent = self.unsent[self.socket.send(self.unsent):]
            except BlockingIOError:
                return

    def read(self, now):
        try:
            piece = self.socket.recv(1 << 18)
        except BlockingIOError:
            return
        if not piece:
            raise RuntimeError("the service ended a session")
        self.unread += piece
        while (message := self._message()) is not None:
            self._take(*message, now)
        self.send(now)

    def _message(self):
        """The next whole message; servers send each in one frame, without a mask."""
        data = self.unread
        if len(data) < 2:
            return None
        size, start = data[1], 2
        if size >= 126:
            start = 4 if size == 126 else 10
            if len(data) < start:
                return None
            size = int.from_bytes(data[2:start], "big")
        if len(data) < start + size:
            return None
        opcode, content = data[0] & 0x0F, bytes(data[start:start + size])
        del data[:start + size]
        return opcode, content

    def _take(self, opcode, content, now):
        if opcode == PING:
            self._write(frame(PONG, content))
        elif opcode == CLOSE:
            raise RuntimeError(f"a session was closed: {int.from_bytes(content[:2], 'big')} {content[2:].decode(errors='replace')}")
        elif opcode == TEXT:
            answer = json.loads(content)
            if "frame" in answer:
                self._take_answer(answer, now - self.sent.pop(0))

    def _take_answer(self, answer, delay):
        if "people" in answer:
            if self.is_counted:
                self.delays.append(1e3 * delay)
                self.totals.append(answer["timing"]["total"])
        elif self.is_counted:
            self.dropped += "dropped" in answer
            self.errors += "error" in answer

    def close(self):
        try:
            self.socket.settimeout(1)
            self.socket.sendall(frame(CLOSE, (1000).to_bytes(2, "big")))
        except OSError:
            pass
        self.socket.close()


def turn(cameras, until, makes_pictures=True):
    """Serves all cameras until then, or until nobody waits for an answer where no more frames are made.

    Returns the longest time that it was busy with what had come at once: so long an answer may have waited to be read.
    """
    longest = 0
    poll = select.poll()
    owner = {camera.socket.fileno(): camera for camera in cameras}
    for descriptor in owner:
        poll.register(descriptor, select.POLLIN)
    while (now := time.perf_counter()) < until and (makes_pictures or any(camera.sent for camera in cameras)):
        due = until
        for camera in cameras:
            if makes_pictures:
                if camera.next_picture <= now:
                    camera.picture_is_due(now)
                due = min(due, camera.next_picture)
            poll.modify(camera.socket, select.POLLIN | (select.POLLOUT if camera.unsent else 0))
        ready = poll.poll(max(0, 1e3 * (due - time.perf_counter())))
        woken = time.perf_counter()
        for descriptor, events in ready:
            camera = owner[descriptor]
            if events & select.POLLOUT:
                camera.flush()
            if events & ~select.POLLOUT:
                camera.read(woken)
        longest = max(longest, time.perf_counter() - woken)
    return longest


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def on_core():
    """Seconds that this process has run, and has waited to run while others did (proc(5), schedstat)."""
    with open("/proc/self/schedstat") as file:
        ran, waited, _ = file.read().split()
    return int(ran) / 1e9, int(waited) / 1e9


def report(cameras, seconds, ran, waited, busiest):
    delays = [delay for camera in cameras for delay in camera.delays]
    if not delays:
        raise RuntimeError("no frame was answered with a result")
    return {
        "rates": [len(camera.delays) / seconds for camera in cameras],
        "median": statistics.median(delays), "p99": percentile(delays, 0.99), "longest": max(delays),
        "total": statistics.median(total for camera in cameras for total in camera.totals),
        "dropped": sum(camera.dropped for camera in cameras), "skipped": sum(camera.skipped for camera in cameras),
        "errors": sum(camera.errors for camera in cameras),
        # The client's own, of the time; and the longest that one answer waited for others to be read.
        "ran": ran / seconds, "waited": waited / seconds, "busiest": 1e3 * busiest,
    }


def run(options, pictures, seconds):
    cameras = [Camera(options, pictures, 7 * index) for index in range(options.cameras)]
    for index, camera in enumerate(cameras):  # not in step
        camera.next_picture = time.perf_counter() + index / options.rate / options.cameras
    turn(cameras, time.perf_counter() + WARM_UP)
    for camera in cameras:
        camera.is_counted = True
    start, (ran, waited) = time.perf_counter(), on_core()
    busiest = turn(cameras, start + seconds)
    seconds, after = time.perf_counter() - start, on_core()
    answer = report(cameras, seconds, after[0] - ran, after[1] - waited, busiest)
    turn(cameras, time.perf_counter() + LAST_ANSWERS, makes_pictures=False)
    unanswered = sum(len(camera.sent) for camera in cameras)
    for camera in cameras:
        camera.close()
    if unanswered:
        raise RuntimeError(f"{unanswered} frames had no answer within {LAST_ANSWERS} s")
    return answer


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("port", None), ("cameras", 1), ("credits", 1), ("rate", 30)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--query", default="")
    parser.add_argument("pictures", nargs="+")
    options = parser.parse_args()
    pictures = []
    for path in options.pictures:
        with open(path, "rb") as file:
            pictures.append(frame(BINARY, file.read()))
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(run(options, pictures, float(line.split()[1]))), flush=True)


main()
