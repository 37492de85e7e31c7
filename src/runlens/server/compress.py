"""Compression for what is worth it: text.

Columns are narrow already: gzip would take a third off them, and longer than a local network needs for that third. An
event stream must not be held back. So this is put on single routes and not on the whole application.
"""

from typing import Final

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

COMPRESSED: Final = [Middleware(GZipMiddleware, minimum_size=1400, compresslevel=1)]
