"""What the measurements need beside the program: built and downloaded once, into a folder that git ignores."""
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / ".build-bench"
BINARIES = ROOT / ".build" / "release"
PYTHON = WORK / "venv" / "bin" / "python"
REQUIREMENTS = ROOT / "Benchmarks" / "baseline" / "requirements.txt"
# A second environment: the other trackers want another numpy than MediaPipe does.
TRACKERS_PYTHON = WORK / "venv-trackers" / "bin" / "python"
TRACKERS_REQUIREMENTS = ROOT / "Benchmarks" / "baseline" / "trackers-requirements.txt"
MEDIAPIPE = REQUIREMENTS.read_text().split()[0]
# The legacy package would download these two itself, from an address that not every network reaches.
EXTRA_MODELS = ["pose_landmark_lite.tflite", "pose_landmark_heavy.tflite"]
GROUP_PHOTOS = ["coco_196141.jpg", "cocov_000192.jpg", "cocov_000536.jpg", "human_group2.jpg", "tfjs_three_people.jpg", "tfpose_p3_dance.png"]
LOAD_PHOTOS = ["coco_000785.jpg", "tfjs_portrait.jpg", "tfjs_pose.jpg", "tfpose_golf.jpg"]


def say(text):
    print(text, file=sys.stderr, flush=True)


def fail(text):
    sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {text}")


def build(product):
    """The release program of that name, with the Makefile's settings."""
    say(f"Building {product}")
    done = subprocess.run(["swift", "build", "--configuration", "release", "--static-swift-stdlib", "--product", product],
                          cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        fail(f"{product} does not build (after `make setup`?):\n{done.stdout}{done.stderr}")
    return BINARIES / product


def baseline(name):
    """A small C++ program of Benchmarks/baseline, compiled by the clang that comes with Swift."""
    source, program = ROOT / "Benchmarks" / "baseline" / f"{name}.cpp", WORK / name.replace("_", "-")
    if program.exists() and program.stat().st_mtime > source.stat().st_mtime:
        return program
    say(f"Building {program.name}")
    swift = shutil.which("swift") or fail("there is no swift")
    clang = pathlib.Path(os.path.realpath(swift)).parent / "clang++"
    command = [clang if clang.exists() else "clang++", "-O2", "-std=c++20", source, "-o", program]
    if name == "openvino_alone":
        runtime = ROOT / ".deps" / "openvino"
        command += [f"-I{runtime}/include", f"-L{runtime}/lib", "-lopenvino", f"-Wl,-rpath,{runtime}/lib"]
    WORK.mkdir(exist_ok=True)
    subprocess.run(command, check=True)
    return program


def _environment(python, requirements):
    """A throw-away Python environment; made anew when the list of what belongs into it has changed."""
    folder = python.parents[1]
    stamp = folder / "requirements.txt"
    if stamp.exists() and stamp.read_bytes() == requirements.read_bytes():
        return
    say(f"Installing {requirements.read_text().split()[0]} and more from PyPI into {folder}")
    WORK.mkdir(exist_ok=True)
    if subprocess.run([sys.executable, "-m", "venv", "--clear", folder]).returncode:
        fail("no virtual environment can be made; Debian has it in the package python3-venv")
    if subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]).returncode:
        fail(f"{requirements} can't be installed: it needs Python 3.10 to 3.12 and PyPI or a mirror of it")
    shutil.copy(requirements, stamp)


def trackers_environment():
    """The environment with the trackers and the scores that association is measured with."""
    _environment(TRACKERS_PYTHON, TRACKERS_REQUIREMENTS)
    return TRACKERS_PYTHON


def virtual_environment():
    """The environment with what we measure against, MediaPipe first of all."""
    _environment(PYTHON, REQUIREMENTS)
    package = next((WORK / "venv").glob("lib/python*/site-packages/mediapipe/modules/pose_landmark"))
    for model in EXTRA_MODELS:
        ours = ROOT / "models" / model
        if ours.exists() and not (package / model).exists():
            shutil.copy(ours, package / model)
    return PYTHON


def photos():
    """The small and the large photo, made of the sample."""
    folder = WORK / "photos"
    if not (folder / "large.jpg").exists():
        sample = ROOT / "samples" / "astronaut.png"
        if not sample.exists():
            fail("there is no sample photo; run `make setup`")
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([PYTHON, ROOT / "Benchmarks/support/prepare_photos.py", sample, folder], check=True,
                       stderr=subprocess.DEVNULL)
    return folder / "small.jpg", folder / "large.jpg"


def load_photos():
    """A handful of photos of 640x480 that show one person each: of the test data where it is there, and of the sample."""
    folder = WORK / "load" / "photos"
    if not folder.is_dir():
        tests = shared()
        sources = [ROOT / "samples" / "astronaut.png"]
        if tests:
            sources += [tests / "testdata/photos" / name for name in LOAD_PHOTOS]
        folder.mkdir(parents=True)
        subprocess.run([PYTHON, ROOT / "Benchmarks/support/prepare_load_photos.py", folder, *sources], check=True,
                       stderr=subprocess.DEVNULL)
    return sorted(folder.iterdir())


def group_photos():
    """Photos of the test data that show several people, as they are; none where it is not there."""
    tests = shared()
    return [tests / "testdata/photos" / name for name in GROUP_PHOTOS] if tests else []


def shared():
    """The project's test data, models and scores, beside the checkout; None where it is not."""
    folder = ROOT.parent / "shared"
    return folder if (folder / "testdata").is_dir() else None


def has_model(complexity):
    return (ROOT / "models" / f"pose_landmark_{['lite', 'full', 'heavy'][complexity]}.tflite").exists()
