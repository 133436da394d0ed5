"""The well-known tutorial's server, written anew: MediaPipe's legacy Pose behind Flask, to measure Stance against.

    python tutorial_app.py PORT                                        Flask's own server, as the tutorial starts it
    gunicorn --workers 2 --bind 127.0.0.1:PORT tutorial_app:app        its best case: a graph in each process

POST /pose with the photo in the form field `image` answers HTML with the skeleton drawn in red and white; to callers
who accept JSON it answers the landmarks and draws nothing, which is no part of the tutorial: the comparison is of
finding people, not of drawing.
"""
import base64
import sys

import cv2
import mediapipe as mp
import numpy as np
from flask import Flask, jsonify, request

app = Flask(__name__)
solution = mp.solutions.pose
drawing = mp.solutions.drawing_utils
# One graph for all requests, as in the tutorial: calls of two threads at once abort the process.
pose = solution.Pose(static_image_mode=True, model_complexity=1, min_detection_confidence=0.5)
red = drawing.DrawingSpec(color=(0, 0, 255), thickness=2, circle_radius=2)
white = drawing.DrawingSpec(color=(255, 255, 255), thickness=2)


@app.post("/pose")
def answer():
    if "image" not in request.files:
        return jsonify({"error": "未上传文件"}), 400
    picture = cv2.imdecode(np.frombuffer(request.files["image"].read(), np.uint8), cv2.IMREAD_COLOR)
    found = pose.process(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
    if not found.pose_landmarks:
        return jsonify({"message": "未检测到人体"}), 400
    if request.accept_mimetypes.best == "application/json":
        return jsonify({"landmarks": listed(found.pose_landmarks), "worldLandmarks": listed(found.pose_world_landmarks)})
    drawing.draw_landmarks(picture, found.pose_landmarks, solution.POSE_CONNECTIONS, red, white)
    _, jpeg = cv2.imencode(".jpg", picture)
    return f'<img src="data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}" style="max-width:100%;"/>'


def listed(landmarks):
    return [{"x": point.x, "y": point.y, "z": point.z, "visibility": point.visibility} for point in landmarks.landmark]


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(sys.argv[1]))
