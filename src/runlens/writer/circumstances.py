"""How this process was started, and where. `machine.py` tells the rest.

No secret is taken knowingly: of the environment only `ENVIRONMENT`, of the command what `redacted` leaves.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time

ENVIRONMENT = (
    "CUDA_VISIBLE_DEVICES",
    "HIP_VISIBLE_DEVICES",
    "RANK",
    "LOCAL_RANK",
    "WORLD_SIZE",
    "OMP_NUM_THREADS",
    "SLURM_JOB_ID",
    "SLURM_JOB_NAME",
    "SLURM_ARRAY_TASK_ID",
)
HIDDEN = "[redacted]"

# The last word of an option's name tells a secret: --wandb.api_key and --hf-token, not --max_tokens or --token_count.
_SECRET_NAME = re.compile(
    r"(?:^|[^a-z])(?:(?:api|access|private|secret|auth|account|encryption)[-_]?key|token|secret|password|passwd|pwd|pw"
    r"|passphrase|credentials?|auth|authorization)$",
    re.IGNORECASE,
)
_PASSWORD_IN_URL = re.compile(r"(\w[\w+.-]*://)[^/@\s]+@")
# As their makers shape them: OpenAI, Hugging Face, GitHub, GitLab, Slack, AWS, Google, JSON web tokens.
_SECRET_SHAPE = re.compile(
    r"\b(?:sk-[\w-]{16,}|hf_\w{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{30,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)"
)


def now() -> dict[str, object]:
    """What may be another thing a moment later."""
    found: dict[str, object] = {
        "started": time.time(),
        "command": redacted(sys.orig_argv),
        "environment": {name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
        "process": os.getpid(),
    }
    with contextlib.suppress(OSError):  # it has been removed
        found["directory"] = os.getcwd()  # noqa: PTH109
    return found


def redacted(command: list[str]) -> list[str]:
    """The command line without what looks like a secret.

    That is: the password in a URL, the value of an option named so, text of the shape that well-known tokens have.
    """
    shown = []
    hides_next = False
    for argument in command:
        name, equals, value = argument.partition("=")
        is_option = argument.startswith("-")
        if hides_next and not is_option:
            shown.append(HIDDEN)
        elif equals and _SECRET_NAME.search(name):
            shown.append(f"{name}={HIDDEN}" if value else argument)
        else:
            shown.append(_SECRET_SHAPE.sub(HIDDEN, _PASSWORD_IN_URL.sub(rf"\1{HIDDEN}@", argument)))
        hides_next = is_option and not equals and bool(_SECRET_NAME.search(name))
    return shown
