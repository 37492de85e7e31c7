"""A run of the model, seen from its modules -> a graph of modules.

Hooks see each module begin and end. In between every operation passes by a dispatch mode, which counts FLOPs and
remembers which module a tensor came from, so that edges lead from module to module also where functions stand between.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from torch.utils._python_dispatch import TorchDispatchMode  # noqa: TID253 - imported only to run a model of torch
from torch.utils.weak import WeakIdKeyDictionary  # noqa: TID253

from runlens.writer.tracing.draft import Draft, tensors_in, value_of
from runlens.writer.tracing.flops import flops
from runlens.writer.tracing.modules import Module

if TYPE_CHECKING:
    import torch


def draw(model: torch.nn.Module, run: Callable[[], object], inputs: dict[str, Any], draft: Draft) -> None:
    """Run the model and draw the modules that it calls.

    Raises:
        Exception: whatever the model raises.
    """
    watch = _Watch(draft)
    for name, value in inputs.items():
        watch.sources[value] = [draft.input(name, value_of(value))]
    with contextlib.ExitStack() as stack:
        for path, module in model.named_modules():
            stack.enter_context(_hooked(module, path, watch))
        with watch:
            result = run()
    for tensor in tensors_in(result):
        for source in watch.sources.get(tensor, []):
            draft.output(source)


@contextlib.contextmanager
def _hooked(module: torch.nn.Module, path: str, watch: _Watch) -> Iterator[None]:
    def before(_: object, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        watch.begin(path, tensors_in([arguments, named]))

    def after(_: object, arguments: object, named: object, result: object) -> None:
        watch.end(path, tensors_in(result))

    handles = [
        module.register_forward_pre_hook(before, with_kwargs=True),
        module.register_forward_hook(after, with_kwargs=True),
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


class _Watch(TorchDispatchMode):  # type: ignore[misc, unused-ignore]  # torch is not typed to us
    """What is known while the model runs: the modules that are running, and where each tensor came from."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.sources = WeakIdKeyDictionary()  # tensor -> edges
        self._draft = draft
        self._running: list[str] = []
        self._with_children: set[str] = set()

    def begin(self, path: str, tensors: list[Any]) -> None:
        """The module `path` is called with `tensors`."""
        self._with_children.update(self._running)
        self._running.append(path)
        module = self._module(path)
        module.calls = (module.calls or 0) + 1
        if module.calls == 1:
            module.inputs = [value_of(tensor) for tensor in tensors]
        for source in self._sources_of(tensors):
            if source not in module.sources:
                module.sources.append(source)

    def end(self, path: str, tensors: list[Any]) -> None:
        """It gives `tensors`. If it called no other module they come from it, else from those that it called."""
        module = self._module(path)
        if module.calls == 1:
            module.outputs = [value_of(tensor) for tensor in tensors]
        if path in self._with_children:
            module.sources = []  # a box: edges lead to what stands in it
        else:
            for tensor in tensors:
                self.sources[tensor] = [self._draft.module_name(path)]
        while self._running and self._running.pop() != path:
            pass  # modules that raised, and whose exception the model caught

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # noqa: ANN401
        result = func(*args, **(kwargs or {}))
        taken, given = tensors_in([args, kwargs]), tensors_in(result)
        self._count(func, args, taken, given)
        sources = self._sources_of(taken)
        for tensor in given:
            self.sources[tensor] = sources
        return result

    def _count(self, func: Any, args: tuple[Any, ...], taken: list[Any], given: list[Any]) -> None:  # noqa: ANN401
        names = [argument.name for argument in func._schema.arguments]
        values = [value_of(tensor) for tensor in taken]
        count = flops(
            func._schema.name, values, [value_of(tensor) for tensor in given], dict(zip(names, args, strict=False))
        )
        if count is not None:
            for module in self._draft.modules.ancestors(self._running[-1] if self._running else ""):
                module.flops = (module.flops or 0) + count

    def _sources_of(self, tensors: list[Any]) -> list[str]:
        return list(dict.fromkeys(source for tensor in tensors for source in self.sources.get(tensor, [])))

    def _module(self, path: str) -> Module:
        return self._draft.modules.by_path[self._draft.modules.first(path)]
