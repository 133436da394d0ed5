"""prepare_load_photos.py FOLDER PHOTO…: each photo as FOLDER/NAME.jpg and its mirror image as FOLDER/NAME-mirrored.jpg, 640x480.

Scaled to fit, in the middle, with their edges repeated around them (run in the virtual environment).
"""
import pathlib
import sys

import cv2

WIDTH, HEIGHT = 640, 480
folder = pathlib.Path(sys.argv[1])

for path in map(pathlib.Path, sys.argv[2:]):
    photo = cv2.imread(str(path))
    scale = min(WIDTH / photo.shape[1], HEIGHT / photo.shape[0])
    width, height = round(scale * photo.shape[1]), round(scale * photo.shape[0])
    fitted = cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    left, top = (WIDTH - width) // 2, (HEIGHT - height) // 2
    fitted = cv2.copyMakeBorder(fitted, top, HEIGHT - height - top, left, WIDTH - width - left, cv2.BORDER_REPLICATE)
    for name, picture in ((path.stem, fitted), (f"{path.stem}-mirrored", cv2.flip(fitted, 1))):
        cv2.imwrite(str(folder / f"{name}.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
