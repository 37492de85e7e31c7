"""Charts of one's own: several tags in one chart, and a band around a curve."""

import math

from runlens import SummaryWriter

with SummaryWriter("logs/add_custom_scalars") as writer:
    writer.add_custom_scalars(
        {
            "accuracy": {"train and valid": ["Multiline", ["accuracy/train", "accuracy/valid"]]},
            "loss": {"loss with its range": ["Margin", ["loss/mean", "loss/low", "loss/high"]]},
        }
    )
    for step in range(100):
        loss = math.exp(-step / 30)
        writer.add_scalar("accuracy/train", 1 - loss, step)
        writer.add_scalar("accuracy/valid", 0.95 - loss, step)
        writer.add_scalar("loss/mean", loss, step)
        writer.add_scalar("loss/low", loss * 0.8, step)
        writer.add_scalar("loss/high", loss * 1.3, step)
