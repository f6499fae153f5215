"""What the checks against ../shared have in common: files that differ for a reason that is written down, and only those, may differ."""
import collections
import json
import os
import subprocess
import sys


def listed(name):
    """File -> the reason why its expectation is held to be wrong."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    lines = [line.strip() for line in open(path, encoding="utf-8")]
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))


def leave(differing, name):
    """Ends the program: with 0 when exactly the listed files differ."""
    exceptions = listed(name)
    new, gone = sorted(differing - exceptions.keys()), sorted(exceptions.keys() - differing)
    for path in new:
        print(f"differs and is no known exception: {path}")
    for path in gone:
        print(f"a known exception that differs no more: {path}")
    sys.exit(1 if new or gone else 0)


def parsed(binary, folder):
    """Path below the folder -> its source record, and -> all its other records."""
    output = subprocess.run([binary, "parse", folder, "--format", "ndjson"], capture_output=True, text=True).stdout
    sources, records = {}, collections.defaultdict(list)
    for line in output.splitlines():
        record = json.loads(line)
        if record["type"] == "source":
            sources[os.path.relpath(record["path"], folder)] = record
        elif record.get("source"):
            records[os.path.relpath(record["source"], folder)].append(record)
    return sources, records
