"""prepare_photos.py SAMPLE FOLDER: the two photos that are measured, of the sample photo (run in the virtual environment).

small.jpg is 640x480: the sample's upper three quarters, scaled. large.jpg is 4000x3000: the whole sample, scaled, in the middle,
with its edge repeated at the sides and a camera's worth of noise, so that it compresses as a photo does.
"""
import sys

import cv2
import numpy as np

sample = cv2.imread(sys.argv[1])
folder = sys.argv[2]

square = cv2.resize(sample, (640, 640), interpolation=cv2.INTER_CUBIC)
cv2.imwrite(f"{folder}/small.jpg", square[:480], [cv2.IMWRITE_JPEG_QUALITY, 90])

body = cv2.resize(sample, (3000, 3000), interpolation=cv2.INTER_CUBIC)
large = cv2.copyMakeBorder(body, 0, 0, 500, 500, cv2.BORDER_REPLICATE)
noise = np.random.default_rng(1).normal(0, 3, large.shape)
large = np.clip(large + noise, 0, 255).round().astype(np.uint8)
cv2.imwrite(f"{folder}/large.jpg", large, [cv2.IMWRITE_JPEG_QUALITY, 90])
