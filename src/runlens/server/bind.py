"""Binds the socket that the server listens on."""

from __future__ import annotations

import socket
from typing import Final

DEFAULT_PORT: Final = 6006
PORTS_TRIED: Final = 100  # from the default one on, as many as TensorBoard tries


class PortBusyError(OSError):
    """The port asked for is in use, or may not be used."""


def bind(host: str, port: int | None) -> socket.socket:
    """A listening socket. Without a port, the first free one from 6006 on; 0 lets the system choose.

    Raises:
        PortBusyError: the port, or each of the hundred tried, cannot be had; says why.
    """
    ports = [port] if port is not None else range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED)
    reason = ""
    for candidate in ports:
        try:
            return _listen(host, candidate)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
    if port is None:
        raise PortBusyError(f"no free port from {DEFAULT_PORT} to {DEFAULT_PORT + PORTS_TRIED - 1} on {host}: {reason}")
    raise PortBusyError(f"port {port} on {host}: {reason}")


def _listen(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6 and host == "::":
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(address)
        listener.listen(128)
    except BaseException:
        listener.close()
        raise
    return listener
