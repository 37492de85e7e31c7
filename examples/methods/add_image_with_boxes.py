"""A picture with boxes and their labels, as a detector sees it."""

import numpy as np

from runlens import SummaryWriter

picture = np.full((3, 120, 160), 40, np.uint8)
picture[0, 30:80, 20:70] = 220
picture[2, 50:110, 90:150] = 220
boxes = np.array([[20, 30, 70, 80], [90, 50, 150, 110]])  # left, top, right, bottom in pixels
with SummaryWriter("logs/add_image_with_boxes") as writer:
    writer.add_image_with_boxes("detections", picture, boxes, labels=["red thing", "blue thing"])
