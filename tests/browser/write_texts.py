"""Write texts of two runs: `write_texts.py LOGDIR`. A note that changes, JSON, a long one, and hostile ones."""

import sys

from runlens import SummaryWriter

HOSTILE = [
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    "<svg onload='window.hit = 1'><script>window.hit = 1</script></svg>",
    "<a href='javascript:window.hit = 1'>a link</a> [another](javascript:window.hit=1)",
    "<iframe srcdoc='<script>parent.hit = 1</script>'></iframe>",
    "<math><mtext><table><mglyph><style><img src=x onerror='window.hit = 1'></style></mglyph></table></mtext></math>",
    "<style>* { display: none }</style><form action='//evil.example'><button>b</button></form>",
    "![picture](https://evil.example/x.png) <img src='https://evil.example/y.png'>",
    "<div style='position: fixed; inset: 0; background: red'>cover</div><b>end</b>",
    "$\\href{javascript:window.hit=1}{x}$ \0 \u202e",
]


def main(logdir: str) -> None:
    """Log three steps of each run."""
    for number, run in enumerate("ab"):
        with SummaryWriter(f"{logdir}/{run}") as writer:
            for step in (0, 10, 20):
                word = ("fine", "gray", "stormy")[(step // 10 + number) % 3]
                writer.add_text("note", f"# Step {step}\n\nThe weather is **{word}**, $x^{{{step}}}$.", step)
                writer.add_text("record", f'{{"step": {step}, "run": "{run}"}}', step)
            writer.add_text("hostile", "\n\n".join(HOSTILE), 0)
            writer.add_text("long", "\n".join(f"line {n} of many" for n in range(600_000)), 0)


main(sys.argv[1])
