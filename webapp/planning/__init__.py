"""Plan rotations: the scenario, the run, the plan and its reasons, change, accept, withdraw."""
