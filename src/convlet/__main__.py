"""Makes `python -m convlet` the `convlet` command."""

from convlet.cli import main

if __name__ == "__main__":
    main()
