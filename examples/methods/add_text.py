"""Words per step, in Markdown."""

from runlens import SummaryWriter

with SummaryWriter("logs/add_text") as writer:
    writer.add_text(
        "notes", "# Plan\n\n1. small model first\n2. then *all* data\n\n| lr | loss |\n|---|---|\n| 0.1 | 0.31 |", 0
    )
    writer.add_text("notes", "The loss is $L = -\\sum_i y_i \\log p_i$.\n\n```python\nloss.backward()\n```", 1)
