"""Running a model without leaving a trace on it."""

from __future__ import annotations

import contextlib
import random
import sys
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

_CONTAINERS = (dict, list, set)


@contextlib.contextmanager
def undisturbed(model: torch.nn.Module) -> Iterator[None]:
    """Run a model for evaluation, without gradients, and leave everything as it was found.

    Restored are the training flag of each submodule, the content of the buffers, the attributes of the modules
    and of the lists, dicts and sets in them, and the states of the random number generators. The flags are set one
    by one, because `train` and `eval` are overridden in places, to merge weights for example.
    """
    import torch

    with contextlib.ExitStack() as stack:
        stack.enter_context(random_states())
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")  # a tracer warns of what might be different in another run
        stack.enter_context(torch.no_grad())
        stack.enter_context(_attributes(model))
        stack.enter_context(_buffers(model))
        stack.enter_context(_unfused_transformers())
        stack.enter_context(_evaluation(model))
        yield


@contextlib.contextmanager
def _evaluation(model: torch.nn.Module) -> Iterator[None]:
    flags = [(module, module.training) for module in model.modules()]
    try:
        for module, _ in flags:
            module.training = False
        yield
    finally:
        for module, flag in flags:
            if module.training != flag:
                module.training = flag


@contextlib.contextmanager
def _attributes(model: torch.nn.Module) -> Iterator[None]:
    """Put back the attributes of all modules, and what their containers hold."""
    saved = [(module.__dict__, dict(module.__dict__), _contents(module)) for module in model.modules()]
    try:
        yield
    finally:
        for attributes, before, contents in saved:
            if not _is_same(attributes, before):
                attributes.clear()
                attributes.update(before)
            for container, content in contents:
                _refill(container, content)


def _contents(module: torch.nn.Module) -> list[tuple[Any, Any]]:
    containers = [value for value in module.__dict__.values() if isinstance(value, _CONTAINERS)]
    return [(container, container.copy()) for container in containers]


def _refill(container: Any, content: Any) -> None:  # noqa: ANN401 - a dict, list or set
    if isinstance(container, dict):
        same = _is_same(container, content)
    else:
        same = len(container) == len(content) and all(a is b for a, b in zip(container, content, strict=True))
    if not same:
        container.clear()
        container.extend(content) if isinstance(container, list) else container.update(content)


def _is_same(left: dict[Any, Any], right: dict[Any, Any]) -> bool:
    """The very same objects; `==` has another meaning for tensors."""
    return len(left) == len(right) and all(key in left and left[key] is value for key, value in right.items())


@contextlib.contextmanager
def _buffers(model: torch.nn.Module) -> Iterator[None]:
    # torch counts what is done to a tensor in place.
    saved = [(buffer, buffer._version, buffer.clone()) for buffer in model.buffers() if _can_be_put_back(buffer)]
    try:
        yield
    finally:
        for buffer, version, before in saved:
            if buffer._version != version:
                buffer.copy_(before)


def _can_be_put_back(buffer: torch.Tensor) -> bool:
    """Not so a lazy one, which has no content yet, and one of inference mode, which is not counted."""
    import torch

    return not torch.nn.parameter.is_lazy(buffer) and not buffer.is_inference()


@contextlib.contextmanager
def random_states() -> Iterator[None]:
    """Put back the generators of Python, of numpy if it is loaded, and of torch on every device that is in use."""
    import torch

    own, cpu = random.getstate(), torch.get_rng_state()
    numpy = sys.modules.get("numpy")
    numpy_state = numpy.random.get_state() if numpy else None
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []
    try:
        yield
    finally:
        random.setstate(own)
        torch.set_rng_state(cpu)
        if numpy:
            numpy.random.set_state(numpy_state)
        if cuda:
            torch.cuda.set_rng_state_all(cuda)


@contextlib.contextmanager
def _unfused_transformers() -> Iterator[None]:
    """Without the fused kernel that evaluates a whole encoder layer, and would hide what is in it."""
    import torch

    mha = getattr(torch.backends, "mha", None)
    was_enabled = mha.get_fastpath_enabled() if mha else False
    if mha:
        mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        if mha:
            mha.set_fastpath_enabled(was_enabled)
