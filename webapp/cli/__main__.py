"""`python -m webapp.cli` is `mentor-network`."""

from webapp.cli.console import main

if __name__ == "__main__":  # the planner's process imports this module too
    main()
