"""The process of `matching.py`: a pattern and then the cells, a line each; answers a byte for each cell."""

import re
import sys


def main() -> None:
    """Match all cells; what is wrong with the pattern goes to the standard error."""
    pattern, *cells = sys.stdin.buffer.read().decode("utf-8", "surrogatepass").split("\n")
    try:
        has = re.compile(pattern, re.IGNORECASE).search
    except (re.error, OverflowError, RecursionError) as error:
        sys.exit(str(error))
    sys.stdout.buffer.write(bytes(has(cell) is not None for cell in cells))


if __name__ == "__main__":
    main()
