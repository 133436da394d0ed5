r"""Run by Blender: imports a BVH and a glTF file made of the same results, compares both with the landmarks, and renders them.

    blender --background --python-exit-code 1 --python Tests/Formats/blender.py -- RESULTS.jsonl FILE.bvh FILE.glb ID FOLDER

ID is the person in the BVH file. Where the figure's joints lie is compared with where the landmarks are, each in Blender's axes:
x to the right in the picture, y away from the camera, z up. Pictures are from the video's side: FOLDER/bvh_N.png, gltf_N.png.
"""

import json
import math
import sys

import bpy
import numpy
from io_anim_bvh import import_bvh
from mathutils import Vector

JOINTS = {
    "LeftArm": "leftShoulder", "LeftForeArm": "leftElbow", "LeftHand": "leftWrist",
    "LeftUpLeg": "leftHip", "LeftLeg": "leftKnee", "LeftFoot": "leftAnkle",
}
JOINTS |= {joint.replace("Left", "Right"): name.replace("left", "right") for joint, name in JOINTS.items()}
BONES = [("Arm", "ForeArm"), ("ForeArm", "Hand"), ("UpLeg", "Leg"), ("Leg", "Foot")]
PICTURES = 3
ORANGE, BLUE, GREY = (1, 0.3, 0.02, 1), (0.02, 0.2, 0.9, 1), (0.6, 0.6, 0.6, 1)


def main(results, bvh, glb, person, folder):
    header, frames = read(results, int(person))
    rate = header["source"]["frameRate"] / header["options"].get("every", 1)
    start = next(iter(frames))
    pictures = [list(frames)[len(frames) * (number + 1) // (PICTURES + 1)] for number in range(PICTURES)]

    clear()
    # Debian 12 has Blender 3.4 with a newer Python and numpy, which have lost what its importers use.
    import_bvh.open = lambda path, mode: open(path, "r", encoding="utf-8")
    numpy.bool = bool
    bpy.ops.import_anim.bvh(filepath=bvh, global_scale=0.01, use_fps_scale=False)
    armature = next(thing for thing in bpy.data.objects if thing.type == "ARMATURE")
    # The first row of the file is Blender's frame 1.
    compare("BVH", armature, frames, lambda time: 1 + time * rate)
    for number, time in enumerate(pictures):
        show(1 + time * rate)
        sticks = draw(armature)
        render(f"{folder}/bvh_{number}.png")
        for stick in sticks:
            bpy.data.objects.remove(stick)

    clear()
    ticks = bpy.context.scene.render.fps = 1000
    bpy.ops.import_scene.gltf(filepath=glb)
    armature = next(
        thing for thing in bpy.data.objects if thing.type == "ARMATURE" and thing.name in (f"person{person}", "Armature"))
    compare("glTF", armature, frames, lambda time: time * ticks)
    for number, time in enumerate(pictures):
        show(time * ticks)
        render(f"{folder}/gltf_{number}.png", at=armature.matrix_world.translation)
    print(f"pictures are of the times {', '.join(f'{time:.2f} s' for time in pictures)} after {start:.2f} s")


def read(path, person):
    """Seconds from the first frame to landmarks in Blender's axes."""
    with open(path, encoding="utf-8") as file:
        header, *lines = map(json.loads, file)
    frames = {}
    for line in lines:
        for body in line["people"]:
            if body["id"] == person:
                points = {point["name"]: Vector((point["x"], point["z"], -point["y"])) for point in body["worldLandmarks"]}
                frames[line["time"] - lines[0]["time"]] = points
    assert frames, f"person {person} is never seen"
    return header, frames


def clear():
    bpy.ops.wm.read_factory_settings(use_empty=True)
    world = bpy.context.scene.world = bpy.data.worlds.new("world")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs[0].default_value = (0.9, 0.9, 0.9, 1)


def show(frame):
    bpy.context.scene.frame_set(math.floor(frame + 1e-6), subframe=max(0, frame - math.floor(frame + 1e-6)))


def bones(armature):
    """Pose bones by the name of the joint: of several people it stands behind a colon."""
    return {bone.name.split(":")[-1]: bone for bone in armature.pose.bones}


def compare(name, armature, frames, frame_of):
    """Directions of limbs must be the landmarks'; places are off by as much as bones vary in length."""
    joints = bones(armature)
    assert len(joints) == 17, sorted(joints)
    worst_angle, places = 0, []
    for time, points in frames.items():
        show(frame_of(time))
        heads = {joint: armature.matrix_world @ bone.head for joint, bone in joints.items()}
        for side in ("Left", "Right"):
            for upper, lower in BONES:
                given = heads[side + lower] - heads[side + upper]
                truth = points[JOINTS[side + lower]] - points[JOINTS[side + upper]]
                worst_angle = max(worst_angle, math.atan2(given.cross(truth).length, given.dot(truth)))
        for joint, landmark in JOINTS.items():
            middle = (points["leftHip"] + points["rightHip"]) / 2
            places.append(((heads[joint] - heads["Hips"]) - (points[landmark] - middle)).length)
    places.sort()
    print(
        f"{name}: {len(frames)} frames; limbs point as the landmarks within {math.degrees(worst_angle):.4f} degrees; joints are off "
        f"by {places[len(places) // 2] * 1000:.1f} mm in the median, {places[-1] * 1000:.1f} mm at worst")
    assert worst_angle < math.radians(0.02), "limbs do not point as the landmarks"
    assert places[len(places) // 2] < 0.1, "joints are not where the landmarks are"


def draw(armature):
    """A bar for each bone, since an armature is not rendered."""
    sticks = []
    for name, bone in bones(armature).items():
        head, tail = armature.matrix_world @ bone.head, armature.matrix_world @ bone.tail
        along = tail - head
        if along.length < 0.002:
            continue
        bpy.ops.mesh.primitive_cylinder_add(radius=0.02, depth=along.length, location=(head + tail) / 2, rotation=along.to_track_quat("Z", "Y").to_euler())
        stick = bpy.context.object
        material = bpy.data.materials.new(name)
        material.use_nodes = True
        color = ORANGE if name.startswith("Left") else BLUE if name.startswith("Right") else GREY
        material.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = color
        stick.data.materials.append(material)
        sticks.append(stick)
    return sticks


def render(path, at=Vector((0, 0, 0))):
    scene = bpy.context.scene
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    # From where the video's camera is: in front, which is -y.
    camera.location, camera.rotation_euler = at + Vector((0.8, -4, 1.3)), (math.radians(86), 0, math.radians(11))
    lamp = bpy.data.objects.new("lamp", bpy.data.lights.new("lamp", "SUN"))
    lamp.data.energy, lamp.rotation_euler = 2, (math.radians(50), 0, math.radians(30))
    for thing in (camera, lamp):
        scene.collection.objects.link(thing)
    scene.camera = camera
    scene.render.engine, scene.cycles.samples, scene.cycles.device = "CYCLES", 16, "CPU"
    scene.cycles.use_denoising = False  # Debian builds without the denoiser.
    scene.render.resolution_x, scene.render.resolution_y = 360, 480
    scene.render.filepath = path
    bpy.ops.render.render(write_still=True)
    for thing in (camera, lamp):
        bpy.data.objects.remove(thing)


main(*sys.argv[sys.argv.index("--") + 1 :])
