"""Looking at the model: a small residual network of torch, as a graph."""

import torch
from torch import nn

from runlens import SummaryWriter


class Block(nn.Module):
    """Two convolutions, and the way around them."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """The same shape."""
        return torch.relu(images + self.second(torch.relu(self.first(images))))


model = nn.Sequential(
    nn.Conv2d(3, 16, 3, padding=1),
    *(Block(16) for _ in range(4)),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Linear(16, 10),
)
with SummaryWriter("logs/model") as writer:
    writer.add_graph(model, torch.zeros(1, 3, 32, 32))
