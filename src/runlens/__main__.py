"""`python -m runlens`."""

from runlens.cli import main

if __name__ == "__main__":
    main()
