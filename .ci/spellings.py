#!/usr/bin/env python3
"""Reads every event of a tree with `prc-etl parse`, resolves each once, and lists what is not resolved with the reason.

    python3 .ci/spellings.py PRC_ETL MICROARCH PATH...

The microarchitecture is taken for all files, so a reason may be that an event is of another machine; what must hold for every
spelling is that the program answers at all and prints it back.
"""

import json
import subprocess
import sys
from collections import Counter


def spellings(program, paths):
    """(tool, event) of every result, with how often it occurs."""
    found, tools = Counter(), {}
    output = subprocess.run([program, "parse", *paths], stdout=subprocess.PIPE, check=False).stdout
    for line in output.splitlines():
        record = json.loads(line)
        if record["type"] == "run":
            tools[record["run"]] = record["tool"]
        elif record["type"] == "result" and record["kind"] != "metric":
            found[tools[record["run"]], record["event"]] += 1
    return found


def explained(program, microarch, tool, event):
    command = [program, "events", "explain", "--tool", tool, "--microarch", microarch, "--format", "json", "--", event]
    run = subprocess.run(command, capture_output=True, check=False)
    if run.returncode != 0:
        return {"status": "FAILED", "reason": run.stderr.decode(errors="replace").strip(), "canonical_spelling": ""}
    return json.loads(run.stdout)


def main(program, microarch, paths):
    status, failed = Counter(), 0
    for (tool, event), count in sorted(spellings(program, paths).items()):
        answer = explained(program, microarch, tool, event)
        status[answer["status"]] += 1
        failed += answer["status"] == "FAILED"
        if answer["status"] != "resolved":
            print(f"{answer['status']}\t{tool}\t{event}\t{count}\t{answer['reason']}")
    print(f"{sum(status.values())} spellings: {dict(sorted(status.items()))}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
