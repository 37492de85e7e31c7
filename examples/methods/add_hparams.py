"""What a run was told and how well it did: a row of the run table each."""

from runlens import SummaryWriter

for rate in (0.1, 0.01, 0.001):
    for layers in (2, 4):
        with SummaryWriter(f"logs/add_hparams/lr{rate}_layers{layers}") as writer:
            accuracy = 0.9 - abs(rate - 0.01) - 0.02 * (layers == 2)
            writer.add_hparams({"lr": rate, "layers": layers, "optimiser": "adam"}, {"hparam/accuracy": accuracy})
