"""A model of torch -> a graph, by the first way that works: export, jit.trace, a run with hooks, its modules."""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runlens.writer.arguments import describe
from runlens.writer.kinds.graph import Graph
from runlens.writer.tracing import exported, traced
from runlens.writer.tracing.draft import Draft, tensors_in
from runlens.writer.tracing.modules import Modules, modules_of
from runlens.writer.tracing.sandbox import random_states, undisturbed

if TYPE_CHECKING:
    import torch

MOST_SECONDS = 30.0  # a way that takes longer is given up

# What is wrapped around a model, and where the model is in it.
WRAPPERS = {"DataParallel": "module", "DistributedDataParallel": "module", "OptimizedModule": "_orig_mod"}

logger = logging.getLogger("runlens")


@dataclass(slots=True)
class Call:
    """A model and the arguments of one call."""

    model: torch.nn.Module
    arguments: tuple[Any, ...]
    named: dict[str, Any]
    use_strict_trace: bool
    verbose: bool

    def copied(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments for a real run, whose tensors the model may change."""
        memo: dict[int, Any] = {
            id(tensor): tensor.detach().clone() for tensor in tensors_in([self.arguments, self.named])
        }
        return copy.deepcopy(self.arguments, memo), copy.deepcopy(self.named, memo)


def graph_of(model: object, input_to_model: object, verbose: bool, use_strict_trace: bool) -> Graph:
    """The graph of a module, scripted module or exported program.

    Raises:
        TypeError: `model` is none of these.
    """
    import torch

    if isinstance(model, torch.export.ExportedProgram):
        return _finish(_of_program(model, verbose), "torch.export.ExportedProgram", [])
    if not isinstance(model, torch.nn.Module):
        want = "want a torch.nn.Module, a torch.export.ExportedProgram or a Keras model"
        raise TypeError(f"model: got {describe(model)}, {want}")
    call, failures = _call(model, input_to_model, use_strict_trace, verbose)
    for name, way in _ways(call, input_to_model is not None):
        try:
            with undisturbed(call.model):
                draft = way(call)
        except Exception as error:  # whatever a model or a tracer raises: the next way may do
            failures.append(f"{name}: {_reason(error)}")
        else:
            return _finish(draft, name, failures)
    return _finish(Draft(modules_of(call.model)), "named_modules", failures)


def _call(model: torch.nn.Module, given: object, strict: bool, verbose: bool) -> tuple[Call, list[str]]:
    import torch

    failures = []
    if given is None and not isinstance(model, torch.jit.ScriptModule):
        failures.append("input_to_model: got None, so the model was not run")
    inner, arguments = model, given
    while type(inner).__name__ in WRAPPERS:
        inner = getattr(inner, WRAPPERS[type(inner).__name__])
        arguments = _moved(arguments, inner)
    call = Call(inner, *_arguments(inner, arguments), strict, verbose)
    if given is not None and any(map(_is_lazy, [*inner.parameters(), *inner.buffers()])):
        try:
            call.model = _initialized_copy(call)
        except Exception as error:  # a module may refuse to be copied or to run in any way
            failures.append(f"a run of the lazy model: {_reason(error)}")
    return call, failures


def _ways(call: Call, has_input: bool) -> list[tuple[str, Callable[[Call], Draft]]]:
    import torch

    if isinstance(call.model, torch.jit.ScriptModule):
        return [("torch.jit.ScriptModule", _of_script)]
    if not has_input:
        return []
    return [("torch.export", _by_export), ("torch.jit.trace", _by_trace), ("forward hooks", _by_hooks)]


def _by_export(call: Call) -> Draft:
    import torch

    # What torch could make of a model that it cannot export, it prints.
    with _budget(), contextlib.redirect_stderr(io.StringIO()):
        program = torch.export.export(call.model, call.arguments, call.named or None, strict=False)
    return _of_program(program, call.verbose, modules_of(call.model))


def _of_program(program: torch.export.ExportedProgram, verbose: bool, modules: Modules | None = None) -> Draft:
    if verbose:
        print(program)
    draft = Draft(modules or exported.modules_of_program(program))
    exported.draw(program, draft)
    return draft


def _by_trace(call: Call) -> Draft:
    import torch

    arguments, named = call.copied()
    inputs: dict[str, Any] = {"example_kwarg_inputs": named} if named else {"example_inputs": arguments}
    with _budget():
        module = torch.jit.trace(call.model, **inputs, strict=call.use_strict_trace, check_trace=False)
    return _of_script(Call(module, (), {}, call.use_strict_trace, call.verbose), modules_of(call.model))


def _of_script(call: Call, modules: Modules | None = None) -> Draft:
    if call.verbose:
        print(call.model.inlined_graph)
    draft = Draft(modules or modules_of(call.model))
    traced.draw(call.model, draft)
    return draft


def _by_hooks(call: Call) -> Draft:
    from runlens.writer.tracing import hooked  # noqa: PLC0415 - derives from a class of torch

    arguments, named = call.copied()
    draft = Draft(modules_of(call.model))
    positions = {str(place): value for place, value in enumerate(arguments)}
    inputs = {
        name if len(tensors) == 1 else f"{name}.{index}": tensor
        for name, value in {**positions, **named}.items()
        if (tensors := tensors_in(value)) is not None
        for index, tensor in enumerate(tensors)
    }
    hooked.draw(call.model, lambda: call.model(*arguments, **named), inputs, draft)
    return draft


def _finish(draft: Draft, route: str, failures: list[str]) -> Graph:
    level = logging.INFO if route not in ("forward hooks", "named_modules") else logging.WARNING
    reasons = f" ({'; '.join(failures)})" if failures else ""
    logger.log(level, "add_graph: %s traced by %s%s", draft.modules.root, route, reasons)
    return draft.finish(route, failures)


def _arguments(model: torch.nn.Module, given: object) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """As torch: a tuple or list is all the arguments, anything else the only one. A dict whose keys are
    names of arguments of `forward` is given by name.
    """
    if isinstance(given, Mapping) and given and all(isinstance(key, str) for key in given):
        try:
            inspect.signature(model.forward).bind(**given)
        except (TypeError, ValueError):
            return (given,), {}
        return (), dict(given)
    return tuple(given) if isinstance(given, (tuple, list)) else (given,), {}


def _moved(given: object, model: torch.nn.Module) -> object:
    """The arguments on the model's device, where DataParallel would have brought them."""
    device = next((parameter.device for parameter in model.parameters()), None)
    if device is None:
        return given
    memo: dict[int, Any] = {id(tensor): tensor.to(device) for tensor in tensors_in(given)}
    return copy.deepcopy(given, memo)


def _initialized_copy(call: Call) -> torch.nn.Module:
    """A copy of a lazy model, whose parameters have the shapes that a run gives them."""
    import torch

    memo: dict[int, Any] = {  # these cannot be copied by torch
        id(buffer): torch.nn.UninitializedBuffer(device=buffer.device, dtype=buffer.dtype)
        for buffer in call.model.buffers()
        if _is_lazy(buffer)
    }
    model = copy.deepcopy(call.model, memo)
    arguments, named = call.copied()
    for module in model.modules():
        module.training = False
    with torch.no_grad(), random_states():
        model(*arguments, **named)
    return model


def _is_lazy(parameter: object) -> bool:
    import torch

    return bool(torch.nn.parameter.is_lazy(parameter))


def _budget() -> Any:  # noqa: ANN401 - a context
    from runlens.writer.tracing.budget import Budget  # noqa: PLC0415 - derives from a class of torch

    return Budget(MOST_SECONDS)


def _reason(error: Exception) -> str:
    """The first line of what an exception says, within 200 characters."""
    line = str(error).strip().partition("\n")[0]
    text = f"{type(error).__name__}: {line}" if line else type(error).__name__
    return text if len(text) <= 200 else text[:199] + "…"
