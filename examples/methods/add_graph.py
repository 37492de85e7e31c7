"""A model as a graph, traced by torch."""

import torch
from torch import nn

from runlens import SummaryWriter


class Net(nn.Module):
    """Two convolutions and a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU())
        self.classifier = nn.Linear(16 * 11 * 11, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Scores of ten classes."""
        return self.classifier(self.features(images).flatten(1))


with SummaryWriter("logs/add_graph") as writer:
    writer.add_graph(Net(), torch.zeros(1, 1, 28, 28))
