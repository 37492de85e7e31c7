"""The first example of the tutorial: one straight line.

python examples/first_scalar.py
runlens --logdir=logs
"""

from runlens import SummaryWriter

writer = SummaryWriter("logs")
for i in range(100):
    writer.add_scalar("y=2x", i * 2, i)
writer.close()
