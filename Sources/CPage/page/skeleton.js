// The 33 landmarks and what joins them, as Sources/Stance/Landmarks has them. Left is the person's left.

/** MediaPipe's order, in the words of the JSON. */
export const landmarkNames = [
  "nose", "leftEyeInner", "leftEye", "leftEyeOuter", "rightEyeInner", "rightEye", "rightEyeOuter",
  "leftEar", "rightEar", "mouthLeft", "mouthRight", "leftShoulder", "rightShoulder", "leftElbow",
  "rightElbow", "leftWrist", "rightWrist", "leftPinky", "rightPinky", "leftIndex", "rightIndex",
  "leftThumb", "rightThumb", "leftHip", "rightHip", "leftKnee", "rightKnee", "leftAnkle",
  "rightAnkle", "leftHeel", "rightHeel", "leftFootIndex", "rightFootIndex",
];

/** MediaPipe's 35 connections, as pairs of places in `landmarkNames`. */
export const bones = [
  [0, 1], [1, 2], [2, 3], [3, 7], [0, 4], [4, 5], [5, 6], [6, 8], [9, 10],
  [11, 12], [11, 23], [12, 24], [23, 24],
  [11, 13], [13, 15], [15, 17], [15, 19], [15, 21], [17, 19],
  [12, 14], [14, 16], [16, 18], [16, 20], [16, 22], [18, 20],
  [23, 25], [25, 27], [27, 29], [29, 31], [27, 31],
  [24, 26], [26, 28], [28, 30], [30, 32], [28, 32],
];

/** Whether a landmark was seen rather than guessed; an answer without `seen` leaves it to the visibility. */
export const isSeen = ({ seen, visibility }) => seen ?? visibility >= 0.5;

export const isInFrame = ({ inFrame, x, y }) => inFrame ?? (x >= 0 && x <= 1 && y >= 0 && y <= 1);

/** Joints of face, hands and feet are drawn smaller than those of trunk and limbs. */
export const isSmall = (index) => index <= 10 || (index >= 17 && index <= 22) || index >= 29;
