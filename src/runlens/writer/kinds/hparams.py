"""hparams: what a run was told to do, and which of its metrics say how well it did."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from runlens.wire import hparams as wire
from runlens.wire.hparams import Value
from runlens.writer.arguments import check_tag, describe

WANT = "want a bool, int, float, str or None; write str(value) for others"


@dataclass
class Session:
    """What the calls of one run have said so far, and when it began in seconds since the epoch."""

    start: float | None = None
    hparams: dict[str, Value] = field(default_factory=dict)
    domains: dict[str, list[Value]] = field(default_factory=dict)
    metrics: list[str] = field(default_factory=list)

    def with_more(
        self, hparams: Mapping[str, Value], domains: Mapping[str, list[Value]], metrics: Mapping[str, object]
    ) -> Session:
        """The session with what another call says; the later word on a name counts."""
        return Session(
            self.start,
            {**self.hparams, **hparams},
            {**self.domains, **domains},
            list(dict.fromkeys([*self.metrics, *metrics])),
        )

    def summaries(self) -> list[bytes]:
        """The summaries of the experiment and of the session's start."""
        return [
            wire.experiment(self.hparams, self.domains, self.metrics),
            wire.session_start(self.hparams, self.start),
        ]


def end(is_success: bool, time: float | None = None) -> bytes:
    """The summary that a run has ended, at `time` in seconds since the epoch."""
    return wire.session_end(wire.SUCCESS if is_success else wire.FAILURE, time)


def checked(hparam_dict: object) -> dict[str, Value]:
    """The hyper-parameters as bool, float or str; those that are None left out.

    Raises:
        TypeError: no dict, or a name that is no str.
        ValueError: a value of another kind.
    """
    found = {name: _value(f"hparam {name!r}", value) for name, value in _named("hparam_dict", hparam_dict).items()}
    return {name: value for name, value in found.items() if value is not None}


def checked_metrics(metric_dict: object) -> Mapping[str, object]:
    """The metrics, whose values are checked as scalars are.

    Raises:
        TypeError: no dict, or a name that is no str.
    """
    return _named("metric_dict", metric_dict)


def checked_domains(hparam_domain_discrete: object, hparams: Mapping[str, Value]) -> dict[str, list[Value]]:
    """The discrete domains.

    Raises:
        TypeError: no dict of lists, or a list with other types than the hyper-parameter's.
        ValueError: the domain of a hyper-parameter that is not there.
    """
    domains: dict[str, list[Value]] = {}
    for name, items in _named("hparam_domain_discrete", hparam_domain_discrete or {}).items():
        argument = f"hparam_domain_discrete[{name!r}]"
        if name not in hparams:
            raise ValueError(f"{argument}: want the name of a hyper-parameter in hparam_dict that is not None")
        if not isinstance(items, (list, tuple)):
            raise TypeError(f"{argument}: got {describe(items)}, want a list of all values it may have")
        kind = type(hparams[name])
        domains[name] = [_alike(argument, item, kind) for item in items]
    return domains


def _named(argument: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        hint = ", such as vars(args)" if hasattr(value, "__dict__") else ""
        raise TypeError(f"{argument}: got {describe(value)}, want a dict{hint}")
    for name in value:
        check_tag(name)
    return value


def _alike(argument: str, item: object, kind: type[Value]) -> Value:
    value = _value(argument, item)
    if not isinstance(value, kind) or value is None:
        raise TypeError(
            f"{argument}: got {describe(item)} in it, want each of the hyper-parameter's type, {kind.__name__}"
        )
    return value


def _value(argument: str, value: object) -> Value | None:
    for kinds, plain in _PLAIN:
        if isinstance(value, kinds):
            return _text(argument, plain(value))
    if type(value).__name__.lower().endswith(("dtype", "device")):  # numpy's and torch's
        return str(value)
    if callable(value):
        return _text(argument, str(getattr(value, "__name__", value)))
    if hasattr(value, "item"):
        try:
            return _value(argument, value.item())
        except (TypeError, ValueError, RuntimeError) as error:
            raise ValueError(f"{argument}: got {describe(value)}, {WANT} ({error})") from error
    raise ValueError(f"{argument}: got {describe(value)}, {WANT}")


def _text(argument: str, value: Value | None) -> Value | None:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"{argument}: got {value!r}, want text that UTF-8 can hold ({error.reason})") from None
    return value


def _path(path: os.PathLike[str]) -> str:
    return os.fsdecode(path)


def _number(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


# The first of these that a value is an instance of says what it becomes. An Enum may also be an int or a str.
_PLAIN: list[tuple[type | tuple[type, ...], Callable[..., Value | None]]] = [
    (type(None), lambda none: None),
    (Enum, lambda member: member.name),
    (str, str),
    (bool, bool),
    ((int, float), _number),
    (os.PathLike, _path),
]
