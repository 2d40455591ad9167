"""The campaigns, in the order in which they run. Each module has one function:

    run(full: bool, scratch: pathlib.Path) -> support.Count
"""
NAMES = ["damage", "boundaries", "kill", "kill_calls", "failing_calls", "power_cut", "two_writers",
         "signals", "fuzz"]
