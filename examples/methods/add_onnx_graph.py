"""A model in a file of ONNX; none of torch or onnx is needed to draw it."""

import sys

from runlens import SummaryWriter

if len(sys.argv) != 2:
    sys.exit("usage: python add_onnx_graph.py MODEL.onnx")
with SummaryWriter("logs/add_onnx_graph") as writer:
    writer.add_onnx_graph(sys.argv[1])
