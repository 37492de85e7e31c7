"""A surface in space: vertices, their colours, and the triangles between them."""

import numpy as np

from runlens import SummaryWriter

# Each argument has a batch in front: one tetrahedron here.
vertices = np.array([[[1, 1, 1], [-1, -1, 1], [1, -1, -1], [-1, 1, -1]]], np.float32)
colours = np.array([[[255, 80, 80], [80, 255, 80], [80, 80, 255], [255, 255, 80]]], np.uint8)
faces = np.array([[[0, 2, 1], [0, 3, 2], [0, 1, 3], [1, 2, 3]]], np.int32)
with SummaryWriter("logs/add_mesh") as writer:
    for step in range(5):
        writer.add_mesh("tetrahedron", vertices * (1 + step / 4), colors=colours, faces=faces, global_step=step)
