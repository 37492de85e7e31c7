"""What every `add_` call takes: tag, step and wall time, checked."""

import time

STEP_MIN = -(2**63)
STEP_MAX = 2**63 - 1


def check_tag(tag: object, name: str = "tag") -> None:
    """Refuse what cannot be a tag, or another text of an event; `name` is what errors call it.

    Raises:
        TypeError: `tag` is no str.
        ValueError: `tag` has a lone surrogate, which UTF-8 cannot hold.
    """
    if not isinstance(tag, str):
        raise TypeError(f"{name}: got {describe(tag)}, want a str")
    try:
        tag.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{name} {tag!r}: got {error.reason}, want text that UTF-8 can hold") from None


def step_of(tag: str, step: object) -> int:
    """`int(step)`; 0 for None.

    Raises:
        TypeError: `step` is nothing that `int` takes.
        ValueError: it has no integer value, or one beyond 64 bits.
    """
    if step is None:
        return 0
    want = "want an integer that fits 64 bits"
    try:
        number = int(step)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError, RuntimeError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"global_step of {tag!r}: got {describe(step)}, {want} ({error})") from error
    if not STEP_MIN <= number <= STEP_MAX:
        raise ValueError(f"global_step of {tag!r}: got {describe(step)}, {want}")
    return int(number)


def wall_time_of(tag: str, walltime: object) -> float:
    """`float(walltime)` in seconds since the epoch; the present time for None.

    Raises:
        TypeError: `walltime` is nothing that `float` takes.
        ValueError: it has no float value.
    """
    if walltime is None:
        return time.time()
    try:
        return float(walltime)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError, RuntimeError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        want = "want seconds since the epoch"
        raise kind(f"walltime of {tag!r}: got {describe(walltime)}, {want} ({error})") from error


def describe(value: object) -> str:
    """A value for an error message: its type, and itself or its shape, in at most some 80 characters."""
    kind = type(value).__name__
    try:
        shape = getattr(value, "shape", None)
        text = f"of shape {tuple(shape)}" if shape is not None else repr(value)
    except Exception:  # a value's repr is not ours, and an error message must not fail
        return kind
    return f"{kind} {text if len(text) <= 60 else text[:57] + '...'}"
