#!/usr/bin/python3
"""Follows real streams with `stance video`: RTSP by GStreamer's server, HLS by ffmpeg, on 127.0.0.1.

    streams.py STANCE        runs the checks, prints a line for each, and exits with 1 when one fails
    streams.py serve PORT SIZE   the RTSP server, which the checks start

Needs Debian's gir1.2-gst-rtsp-server-1.0, python3-gi, gstreamer1.0-plugins-base, -good and -ugly, and ffmpeg.
"""
import functools
import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

USER, PASSWORD = "bob", "s3cret-word"
OPTIONS = ["--json", "--max-people", "1", "--search", "quick"]


def serve(port, size):
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstRtspServer

    Gst.init(None)
    width, height = size.split("x")
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_shared(True)
    factory.set_launch(
        f"( videotestsrc is-live=true ! video/x-raw,width={width},height={height},framerate=25/1 "
        "! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! rtph264pay name=pay0 pt=96 )"
    )
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    auth = GstRtspServer.RTSPAuth()
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(USER, PASSWORD), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    for permission in ("access", "construct"):
        permissions.add_permission_for_role("user", f"media.factory.{permission}", True)
    factory.set_permissions(permissions)
    server.get_mount_points().add_factory("/test", factory)
    if server.attach(None) == 0:
        sys.exit("the port is taken")
    print("ready", flush=True)
    GLib.MainLoop().run()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start_server(port, size):
    child = subprocess.Popen(
        ["/usr/bin/python3", os.path.abspath(__file__), "serve", str(port), size], stdout=subprocess.PIPE, text=True
    )
    if child.stdout.readline() != "ready\n":
        sys.exit("GStreamer's RTSP server did not start")
    return child


class Reading:
    """`stance video` at work, with what it has written so far."""

    def __init__(self, stance, address, *options):
        self.child = subprocess.Popen(
            [stance, "video", address, *OPTIONS, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.output, self.errors = [], []
        self.threads = [
            threading.Thread(target=self.collect, args=pair, daemon=True)
            for pair in [(self.child.stdout, self.output), (self.child.stderr, self.errors)]
        ]
        for thread in self.threads:
            thread.start()

    @staticmethod
    def collect(pipe, lines):
        for line in pipe:
            lines.append(line)

    def frames(self):
        return [line for line in map(json.loads, list(self.output)) if "time" in line]

    def says(self, word):
        return sum(f": {word}" in line for line in self.errors)

    def end(self, within=60):
        status = self.child.wait(within)
        for thread in self.threads:
            thread.join(5)
        return status


def until(condition, seconds=40):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def commands():
    """The command lines of all processes but this one's and the servers'."""
    lines = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                lines[int(pid)] = file.read().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            pass
    return lines


def decoders_of(pid):
    found = []
    for child in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{child}/stat") as file:
                if int(file.read().rsplit(")", 1)[1].split()[1]) == pid:
                    found.append(int(child))
        except OSError:
            pass
    return found


failures = []


def check(name, holds):
    print(f"{'ok  ' if holds else 'FAIL'} {name}", flush=True)
    if not holds:
        failures.append(name)


def rtsp(stance):
    port = free_port()
    server = start_server(port, "320x240")
    try:
        reading = Reading(stance, f"rtsp://{USER}:{PASSWORD}@127.0.0.1:{port}/test")
        check("RTSP: frames come", until(lambda: len(reading.frames()) > 50))
        seen = "\n".join(commands().values())
        check("RTSP: no process shows the password or the user", PASSWORD not in seen and f"{USER}:" not in seen)
        server.send_signal(signal.SIGSTOP)
        check("RTSP: a stall is noticed", until(lambda: reading.says("stale") == 1))
        server.send_signal(signal.SIGCONT)
        check("RTSP: it is taken up again", until(lambda: reading.says("resumed") == 1))
        server.kill()
        server.wait()
        check("RTSP: the server's end is noticed", until(lambda: reading.says("stale") == 2))
        server = start_server(port, "640x360")
        check("RTSP: it is taken up again from a new server", until(lambda: reading.says("resumed") == 2))
        count = len(reading.frames())
        check("RTSP: frames of another size come", until(lambda: len(reading.frames()) > count + 25))
        server.send_signal(signal.SIGSTOP)
        until(lambda: reading.says("stale") == 3)
        decoders = decoders_of(reading.child.pid)
        begin = time.monotonic()
        reading.child.send_signal(signal.SIGINT)
        status = reading.end()
        took = time.monotonic() - begin
        check(f"RTSP: Ctrl-C ends it while it stalls, in {took:.2f} s", status == 130 and took < 1)
        check("RTSP: and its decoder", not any(os.path.exists(f"/proc/{pid}") for pid in decoders))
        frames = reading.frames()
        check("RTSP: all frames are of one size", all(f["image"] == {"width": 320, "height": 240} for f in frames))
        pairs = list(zip(frames, frames[1:]))
        check("RTSP: times and numbers grow", all(a["time"] < b["time"] and a["frame"] < b["frame"] for a, b in pairs))
        written = "".join(reading.output + reading.errors)
        check("RTSP: nothing that is written shows the password or the user", PASSWORD not in written and USER not in written)
        server.send_signal(signal.SIGCONT)
        begin = time.monotonic()
        reading = Reading(stance, f"rtsp://{USER}:{PASSWORD}@127.0.0.1:{port}/test", "--duration", "2s")
        check("RTSP: --duration ends it", reading.end() == 0 and 1.5 < reading.frames()[-1]["time"] < 2)
        reading = Reading(stance, f"rtsp://{USER}:{PASSWORD}x@127.0.0.1:{port}/test")
        refused = reading.end() == 1 and "401" in reading.errors[0] and PASSWORD not in reading.errors[0]
        check("RTSP: a wrong password is refused, and not repeated", refused)
    finally:
        server.kill()
        server.wait()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def encode_live(folder, size):
    """ffmpeg writing an endless HLS stream, at the speed of life."""
    return subprocess.Popen(
        f"ffmpeg -v error -nostdin -re -f lavfi -i testsrc2=size={size}:rate=25 -c:v libx264 -preset ultrafast -g 25 "
        f"-pix_fmt yuv420p -f hls -hls_time 1 -hls_list_size 5 -hls_flags delete_segments+append_list "
        f"{folder}/live.m3u8".split()
    )


def hls(stance):
    with tempfile.TemporaryDirectory() as folder:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        encoder = encode_live(folder, "320x240")
        try:
            until(lambda: os.path.exists(f"{folder}/live.m3u8"))
            reading = Reading(stance, f"http://127.0.0.1:{server.server_port}/live.m3u8?token={PASSWORD}")
            check("HLS: frames come", until(lambda: len(reading.frames()) > 100))
            # Ended by force it leaves no end in the playlist.
            encoder.kill()
            encoder.wait()
            check("HLS: a stall is noticed", until(lambda: reading.says("stale") == 1))
            encoder = encode_live(folder, "640x360")
            check("HLS: it is taken up again", until(lambda: reading.says("resumed") == 1))
            count = len(reading.frames())
            check("HLS: frames of another size come", until(lambda: len(reading.frames()) > count + 100))
            # Ended in peace it writes the end.
            encoder.send_signal(signal.SIGINT)
            encoder.wait()
            check("HLS: the playlist's end ends the reading", reading.end() == 0)
            frames = reading.frames()
            check("HLS: all frames are of one size", all(f["image"] == {"width": 320, "height": 240} for f in frames))
            check("HLS: times grow", all(a["time"] < b["time"] for a, b in zip(frames, frames[1:])))
            written = "".join(reading.output + reading.errors)
            check("HLS: nothing that is written shows the query", PASSWORD not in written)
        finally:
            encoder.kill()
            encoder.wait()
            server.shutdown()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2], sys.argv[3])
    else:
        rtsp(sys.argv[1])
        hls(sys.argv[1])
        sys.exit(1 if failures else 0)
