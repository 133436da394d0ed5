"""Small videos of all kinds, made by ffmpeg when they are needed."""

from media import ffmpeg

RATE = 20
SIZE = (240, 180)
# Beside the person, at the left edge: at its top nothing is drawn.
STRIP = (0x30, 0xA0, 0x60)
STRIP_WIDTH = 24

H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10", "-bf", "2"]
VP9 = ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-pix_fmt", "yuv420p"]
VP8 = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "500k"]
HEVC = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-pix_fmt", "yuv420p10le"]
TONE = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"]


def person(bench, name, *words, seconds=1.0, size=SIZE, sound=(), filters=()):
    """A clip that pans over the sample photo of a person, encoded as `words` say."""
    width, height = size
    color = "0x%02x%02x%02x" % STRIP
    chain = [
        "crop=440:330:36+36*sin(4*t):20*mod(t\\,2)",
        f"scale={width}:{height}",
        f"drawbox=w={STRIP_WIDTH}:c={color}:t=fill",
        *filters,
    ]
    path = bench.path(name)
    picture = ["-loop", "1", "-framerate", RATE, "-i", bench.photo]
    tone = [*TONE, *sound] if sound else []
    ffmpeg(*picture, *tone, "-vf", ",".join(chain), "-t", seconds, *(words or H264), path)
    return path


def turned(bench, name, degrees):
    """An upright person whose pictures are stored lying, as phones store them; shown turned anticlockwise."""
    stored = {90: ["transpose=1"], 270: ["transpose=2"], 180: ["hflip", "vflip"]}[degrees]
    lying = person(bench, f"lying-{name}", *H264, filters=stored)
    path = bench.path(name)
    ffmpeg("-i", lying, "-c", "copy", "-metadata:s:v:0", f"rotate={degrees}", path)
    return path


def uneven(bench, name):
    """Frames whose distances jitter, with a gap of 0.3 s in the middle."""
    times = "settb=1/90000,setpts=N*4500+700*mod(N*7\\,5)+27000*gt(N\\,10)"
    clock = ["-fps_mode", "passthrough", "-enc_time_base", "1:90000", "-video_track_timescale", "90000"]
    return person(bench, name, *H264, *clock, "-c:a", "aac", filters=[times], sound=["-shortest"], seconds=1.5)


def flashes(bench, name, *words, seconds=2.6, offset=0.0, sound_from=0.0):
    """White flashes, and clicks with them, every half second; the file's clock begins at `offset`, its sound later yet."""
    path = bench.path(name)
    flash = f"drawbox=c=white:t=fill:enable=lt(mod(t\\,0.5)\\,{0.5 / RATE})"
    click = "aevalsrc=if(lt(mod(t\\,0.5)\\,0.01)\\,0.9*sin(2*PI*1500*t)):s=48000"
    ffmpeg(
        *["-f", "lavfi", "-i", f"color=black:size=160x120:rate={RATE},{flash}"],
        *["-itsoffset", sound_from, "-f", "lavfi", "-i", f"{click},atrim=start={sound_from}"],
        *["-t", seconds, *H264, *words, "-output_ts_offset", offset, path],
    )
    return path
