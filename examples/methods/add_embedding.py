"""Points in many dimensions with labels and pictures, to be turned about in the projector."""

import numpy as np

from runlens import SummaryWriter

rng = np.random.default_rng(0)
classes = rng.integers(0, 4, 400)
centres = rng.normal(0, 3, (4, 16))
points = centres[classes] + rng.normal(0, 1, (400, 16))
pictures = np.zeros((400, 3, 12, 12))
pictures[np.arange(400), classes % 3] = rng.uniform(0.5, 1, (400, 12, 12))
with SummaryWriter("logs/add_embedding") as writer:
    labels = [f"class {name}" for name in classes]
    writer.add_embedding(points, metadata=labels, label_img=pictures, global_step=0, tag="features")
