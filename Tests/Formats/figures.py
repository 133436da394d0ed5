"""BVH by bvhio and assimp; glTF by pygltflib, trimesh and assimp."""

import shutil

import bvhio
import numpy
import pygltflib
import trimesh

import made
from bench import close, one_each, run

STANDING = 0.44 + 0.42 + 0.08  # of the made-up body: its hips above the floor
JOINTS = {"LeftArm": "leftShoulder", "LeftForeArm": "leftElbow", "LeftHand": "leftWrist", "LeftUpLeg": "leftHip", "LeftLeg": "leftKnee", "LeftFoot": "leftAnkle"}
JOINTS |= {joint.replace("Left", "Right"): name.replace("left", "right") for joint, name in JOINTS.items()}


def held(person, frame):
    """The frame whose pose the figure has: the last one before in which the person was seen, else the first one."""
    seen = [frame for frame in range(made.COUNT) if made.is_seen(person, frame)]
    return max((other for other in seen if other <= frame), default=seen[0])


def compare(places, person, frame, tolerance):
    """Places of joints in metres against the landmarks."""
    body = made.body(person, held(person, frame))
    names = list(JOINTS)
    truth = [numpy.add(body[JOINTS[name]], (0, STANDING, 0)) for name in names]
    close([places[name] for name in names], truth, tolerance)


def bvh(bench):
    for person, path in one_each(bench.export("made.bvh"), made.SEEN).items():
        file = bvhio.readAsBvh(str(path))
        assert file.FrameCount == made.COUNT and abs(file.FrameTime - 1 / made.RATE) < 1e-9
        root = bvhio.readAsHierarchy(str(path))
        joints = {joint.Name: joint for joint, *_ in root.layout()}
        assert len(joints) == 17
        for frame in range(made.COUNT):
            root.loadPose(frame)
            places = {name: numpy.array(joint.PositionWorld) / 100 for name, joint in joints.items()}
            compare(places, person, frame, 1e-5)


def gltf(bench):
    path = bench.export("made.glb", "gltf")
    file = pygltflib.GLTF2().load(str(path))
    blob = file.binary_blob()
    assert len(file.skins) == len(made.SEEN) and len(file.animations) == 1

    def numbers(index):
        accessor = file.accessors[index]
        view = file.bufferViews[accessor.bufferView]
        width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4, "MAT4": 16}[accessor.type]
        kind = {5121: "<u1", 5123: "<u2", 5126: "<f4"}[accessor.componentType]
        return numpy.frombuffer(blob, kind, accessor.count * width, view.byteOffset).reshape(accessor.count, width).astype(float)

    channels = {}
    for channel in file.animations[0].channels:
        sampler = file.animations[0].samplers[channel.sampler]
        channels[channel.target.node, channel.target.path] = numbers(sampler.input)[:, 0], numbers(sampler.output)
    for place, (person, skin) in enumerate(zip(made.SEEN, file.skins)):
        roots = [node for node in file.nodes if node.name == f"person{person}"]
        assert len(roots) == 1 and len(skin.joints) == 17
        times, _ = channels[skin.joints[0], "translation"]
        assert (numpy.diff(times) > 0).all()
        seen = [made.time(frame) - made.time(0) for frame in range(made.COUNT) if made.is_seen(person, frame)]
        assert set(numpy.float32(seen)) <= set(numpy.float32(times))
        for frame in made.FRAMES:
            time = made.time(frame) - made.time(0)
            places = dict(_walk(file, file.nodes.index(roots[0]), lambda node, path: _sample(channels.get((node, path)), time, path)))
            body = {name.split(":")[1]: point - [1.5 * place, 0, 0] for name, point in places.items() if ":" in name}
            compare(body, person, frame, 1e-5)


def _sample(channel, time, path):
    """As a player does: between two keys the way is even, before and after all keys the nearest holds."""
    if channel is None:
        return None
    times, values = channel
    after = int(numpy.searchsorted(times, time))
    if after == 0 or after == len(times):
        return values[min(after, len(times) - 1)]
    share = (time - times[after - 1]) / (times[after] - times[after - 1])
    mixed = values[after - 1] * (1 - share) + values[after] * share
    return mixed / numpy.linalg.norm(mixed) if path == "rotation" else mixed


def _walk(file, number, sample, outer=numpy.eye(4)):
    node = file.nodes[number]
    matrix = numpy.eye(4)
    turn = sample(number, "rotation")
    if turn is not None:
        matrix = trimesh.transformations.quaternion_matrix([turn[3], *turn[:3]])
    shift = sample(number, "translation")
    matrix[:3, 3] = node.translation if shift is None else shift
    inner = outer @ matrix
    yield node.name, inner[:3, 3]
    for child in node.children:
        yield from _walk(file, child, sample, inner)


def mesh(bench):
    scene = trimesh.load_scene(str(bench.export("made.glb", "gltf")))
    low, high = scene.bounds
    # In the T-pose: on the floor, as tall as the body, arms wide.
    assert -0.05 < low[1] < 0.01 and 1.7 < high[1] < 2, scene.bounds
    close(high[0] - low[0], 2 * (0.18 + 0.3 + 0.26 + 0.09), 0.15)
    assert len(scene.geometry) == 3 * len(made.SEEN)
    for geometry in scene.geometry.values():
        # Faces don't share corners in the file, so that each has its own normal.
        body = trimesh.Trimesh(geometry.vertices, geometry.faces)
        assert body.is_watertight and body.is_winding_consistent and body.volume > 0


def assimp(bench):
    assert shutil.which("assimp"), "assimp is missing: install Debian's assimp-utils"
    glb = run("assimp", "info", bench.export("made.glb", "gltf"))
    assert _fact(glb, "Animations") == 1 and _fact(glb, "Animation Channels") == 2 * 17, glb
    assert _fact(glb, "Bones") == 2 * 3 * 17 or _fact(glb, "Bones") > 0, glb
    for path in one_each(bench.export("made.bvh"), made.SEEN).values():
        text = run("assimp", "info", path)
        assert _fact(text, "Animations") == 1 and _fact(text, "Animation Channels") == 17, text


def _fact(text, name):
    return next(int(line.split(":")[1].split()[0]) for line in text.splitlines() if line.startswith(f"{name}:"))


CHECKS = {
    "BVH (bvhio)": bvh,
    "glTF, played (pygltflib)": gltf,
    "glTF, its mesh (trimesh)": mesh,
    "BVH and glTF (assimp)": assimp,
}
