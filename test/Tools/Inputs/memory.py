"""memory.py RECOMPUTE ALL CHECKPOINT: what `seqc bench --training --json` says of the three policies hangs together."""
import json
import sys

recompute, everything, checkpoint = (json.load(open(path)) for path in sys.argv[1:])
sizes = [run["workspace_bytes"] for run in (checkpoint, recompute, everything)]
assert sizes[0] < 0.35 * sizes[1] and sizes[1] <= sizes[2], sizes
for run in (recompute, everything, checkpoint):
    # Nothing where the system does not tell. Outputs, and what the allocator keeps, are small beside it.
    peak = run.get("peak_resident_bytes", run["workspace_bytes"])
    assert 0.8 * run["workspace_bytes"] < peak < 1.2 * run["workspace_bytes"] + 8e6, run
