"""Models of torch, from plain to awkward, for the tests of graphs."""
# mypy: disable-error-code="misc, no-any-return"

from collections import namedtuple
from typing import Any

import torch
from torch import Tensor, nn

Pair = namedtuple("Pair", "left right")


class Block(nn.Module):
    def __init__(self, inner: int, outer: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inner, outer, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outer)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(outer, outer, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outer)
        self.downsample: nn.Module = nn.Identity()
        if stride != 1 or inner != outer:
            self.downsample = nn.Sequential(nn.Conv2d(inner, outer, 1, stride, bias=False), nn.BatchNorm2d(outer))

    def forward(self, x: Tensor) -> Tensor:
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + self.downsample(x))


class ResNet(nn.Module):
    """ResNet-18 (He et al., 2015) for 3 x n x n images; `width` 64 is the real one."""

    def __init__(self, width: int = 64, classes: int = 1000) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = nn.Sequential(Block(width, width, 1), Block(width, width, 1))
        self.layer2 = nn.Sequential(Block(width, 2 * width, 2), Block(2 * width, 2 * width, 1))
        self.layer3 = nn.Sequential(Block(2 * width, 4 * width, 2), Block(4 * width, 4 * width, 1))
        self.layer4 = nn.Sequential(Block(4 * width, 8 * width, 2), Block(8 * width, 8 * width, 1))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(8 * width, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(x).flatten(1))


class Transformer(nn.Module):
    def __init__(self, layers: int = 12, width: int = 256) -> None:
        super().__init__()
        layer = nn.TransformerEncoderLayer(width, 4, 4 * width, batch_first=True)
        self.embedding = nn.Embedding(100, width)
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.head = nn.Linear(width, 100)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.head(self.encoder(self.embedding(tokens)))


class GptBlock(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.fc, self.out = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.heads = heads

    def forward(self, x: Tensor) -> Tensor:
        batch, steps, width = x.shape
        parts = self.qkv(self.ln_1(x)).split(width, 2)
        q, k, v = (part.view(batch, steps, self.heads, width // self.heads).transpose(1, 2) for part in parts)
        y = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(y.transpose(1, 2).reshape(batch, steps, width))
        return x + self.out(nn.functional.gelu(self.fc(self.ln_2(x))))


class Gpt(nn.Module):
    """Laid out as GPT-2, its output tied to its embedding."""

    def __init__(self, layers: int = 2, width: int = 32, heads: int = 4) -> None:
        super().__init__()
        self.wte, self.wpe = nn.Embedding(50, width), nn.Embedding(64, width)
        self.h = nn.ModuleList(GptBlock(width, heads) for _ in range(layers))
        self.ln_f = nn.LayerNorm(width)
        self.lm_head = nn.Linear(width, 50, bias=False)
        self.lm_head.weight = self.wte.weight

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.wte(tokens) + self.wpe(torch.arange(tokens.shape[1], device=tokens.device))
        for block in self.h:
            x = block(x)
        return self.lm_head(self.ln_f(x))


class Branching(nn.Module):
    """Control flow that depends on the data, and a dictionary of lists for a result."""

    def __init__(self) -> None:
        super().__init__()
        self.small, self.large = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x: Tensor) -> dict[str, Any]:
        y = self.small(x) if x.sum().item() < 1e6 else self.large(x)
        return {"y": [y, y.relu()], "count": int(y.sum().item() > 0)}


class Several(nn.Module):
    """Several inputs, among them a dictionary and a named tuple, and a shared module under two names."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(4, 4)
        self.again = self.first
        self.norm = nn.BatchNorm1d(4)

    def forward(self, x: Tensor, more: dict[str, Tensor], pair: Pair, scale: float = 1.0) -> dict[str, Tensor]:
        left, right = pair
        y = self.again(self.first(x)) + more["bias"] * scale
        return {"sum": self.norm(y) + left, "other": y * right}


class Meddling(nn.Module):
    """Changes whatever it can reach while it runs."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(4)
        self.dropout = nn.Dropout()
        self.frozen = nn.BatchNorm1d(4)
        self.register_buffer("steps", torch.zeros(()))
        self.seen: list[Tensor] = []
        self.cache: dict[str, Tensor] = {}
        self.last: Tensor | None = None

    def train(self, mode: bool = True) -> "Meddling":
        raise RuntimeError("train() is not for graphs")

    def forward(self, x: Tensor) -> Tensor:
        self.steps += 1
        y = self.frozen(self.dropout(self.norm(x + torch.rand_like(x))))
        self.seen.append(y)
        self.cache["y"] = y
        self.last = y
        x.add_(1)
        return nn.functional.dropout(y, training=True)


class Refusing(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1, bias=False))

    def forward(self, x: Tensor) -> Tensor:
        raise RuntimeError("not with me\nat all")


class Scripted(nn.Module):
    """For torch.jit.script: a branch and a loop."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(4, 4), nn.ReLU())
        self.other = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.inner(x) if bool(x.sum() > 0) else self.other(x)
        for i in range(3):
            x = x + i
        return x
