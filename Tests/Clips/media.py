"""What ffmpeg and ffprobe say of a file: an opinion that owes nothing to the program under test."""

import json
import subprocess
from fractions import Fraction

LIMIT = 60  # seconds for any of them


def ffmpeg(*words, input=None):
    """Runs ffmpeg and gives what it wrote to its standard output."""
    return _run(["ffmpeg", "-nostdin" if input is None else "-y", "-v", "error", "-y", *words], input).stdout


def _run(words, input=None):
    words = [str(word) for word in words]
    ending = subprocess.run(words, input=input, capture_output=True, timeout=LIMIT)
    assert ending.returncode == 0, f"{' '.join(words)}\n{ending.stderr.decode()}"
    return ending


def _probe(path, *words):
    return json.loads(_run(["ffprobe", "-v", "error", *words, "-of", "json", path]).stdout)


class Facts:
    """The header of a file, and the frames and packets that are really in it."""

    def __init__(self, path):
        self.path = path
        answer = _probe(path, "-show_streams", "-show_format")
        self.format = answer["format"]
        self.sounds = [s for s in answer["streams"] if s["codec_type"] == "audio"]
        self.pictures = [s for s in answer["streams"] if s["codec_type"] == "video"]

    @property
    def picture(self):
        return self.pictures[0]

    @property
    def rotation(self):
        """Degrees by which the picture is to be turned; None without a display matrix."""
        turns = [data["rotation"] for data in self.picture.get("side_data_list", []) if "rotation" in data]
        return turns[0] if turns else None

    @property
    def shown_size(self):
        """With square pixels, and turned."""
        width, height = self.picture["width"], self.picture["height"]
        ratio = Fraction(self.picture.get("sample_aspect_ratio", "1:1").replace(":", "/"))
        if ratio > 0:
            width = round(width * ratio)
        return (height, width) if (self.rotation or 0) % 180 else (width, height)

    def times(self):
        """When each frame is shown, in exact seconds."""
        entries = ["-select_streams", "v:0", "-show_entries", "frame=best_effort_timestamp"]
        unit = Fraction(self.picture["time_base"])
        return [frame["best_effort_timestamp"] * unit for frame in _probe(self.path, *entries)["frames"]]

    def start(self, kind):
        """When the first packet of the first stream of a kind ("v" or "a") begins, in seconds."""
        return min(float(packet["pts_time"]) for packet in self._packets(kind))

    def end(self, kind):
        """When such a stream ends."""
        stream = self.picture if kind == "v" else self.sounds[0]
        # ffprobe does not know how long each picture of an MP4 is shown.
        if kind == "v" and "duration" in stream:
            return float(stream["start_time"]) + float(stream["duration"])
        return max(float(p["pts_time"]) + float(p.get("duration_time", 0)) for p in self._packets(kind))

    def _packets(self, kind):
        entries = ["-select_streams", f"{kind}:0", "-show_entries", "packet=pts_time,duration_time"]
        return [packet for packet in _probe(self.path, *entries)["packets"] if "pts_time" in packet]

    def sound_packet(self):
        """The longest packet of the first sound, in seconds; 0 without sound."""
        return max((float(p["duration_time"]) for p in self._packets("a")), default=0) if self.sounds else 0

    def sound_sizes(self):
        """The bytes of every packet of the first sound."""
        packets = _probe(self.path, "-select_streams", "a:0", "-show_entries", "packet=size")["packets"]
        return [int(packet["size"]) for packet in packets]


def pictures(path, size, pixels="rgb24", part=None):
    """Every frame, or that part at its upper left, scaled to a size, as bytes of these pixels."""
    width, height = size
    crop = "crop={}:{}:0:0:exact=1,".format(*part) if part else ""
    words = ["-i", path, "-map", "0:v:0", "-vf", f"{crop}scale={width}:{height}:flags=area", "-pix_fmt", pixels]
    data = ffmpeg(*words, "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1")
    length = width * height * {"rgb24": 3, "gray": 1}[pixels]
    return [data[at : at + length] for at in range(0, len(data), length)]


def whole_frames(path):
    """How many frames of a file can be decoded, however it ends."""
    words = ["ffprobe", "-v", "fatal", "-select_streams", "v:0", "-count_frames", "-show_entries", "stream=nb_read_frames"]
    ending = subprocess.run([*words, "-of", "csv=p=0", str(path)], capture_output=True, text=True, timeout=LIMIT)
    count = ending.stdout.strip()
    return int(count) if count.isdigit() else 0


def boxes(path):
    """The names of an MP4's outermost boxes, in order."""
    names, data, at = [], path.read_bytes(), 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        names.append(data[at + 4 : at + 8].decode("latin-1"))
        at += size if size >= 8 else len(data)
    return names
