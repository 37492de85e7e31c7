"""Defaults for the `add_` methods of one writer, laid over them for a while; at other times they cost nothing."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

Method = Callable[..., Any]


def add_methods(writer: object) -> list[tuple[str, Method]]:
    """Name and method of everything that adds."""
    return [(name, getattr(writer, name)) for name in dir(writer) if name.startswith("add_")]


@contextmanager
def defaults_of(writer: object, **defaults: object) -> Iterator[None]:
    """Within the block, arguments of these names are the defaults of all `add_` methods that take them."""
    before = dict(vars(writer))
    methods = add_methods(writer)
    for name, method in methods:
        setattr(writer, name, _with_defaults(method, defaults))
    try:
        yield
    finally:
        for name, _ in methods:
            if name in before:  # a block around this one
                setattr(writer, name, before[name])
            else:
                delattr(writer, name)


def _with_defaults(method: Method, defaults: Mapping[str, object]) -> Method:
    """The method with these arguments where a call leaves them out or says None."""
    parameters = list(inspect.signature(method).parameters)
    positions = {name: parameters.index(name) for name in defaults if name in parameters}

    @functools.wraps(method)
    def call(*arguments: object, **named: object) -> object:
        filled = list(arguments)
        for name, position in positions.items():
            if position >= len(filled):
                if named.get(name) is None:
                    named[name] = defaults[name]
            elif filled[position] is None:
                filled[position] = defaults[name]
        return method(*filled, **named)

    return call
