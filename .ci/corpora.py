#!/usr/bin/env python3
"""Holds the program against the corpora of ../shared, except where .ci/corpora-exceptions.txt says why the expectation is wrong.

usage: corpora.py CHECK BINARY     exit 0 when exactly the listed files differ
"""
import os
import subprocess
import sys


def listed(path):
    """File -> the reason why its expectation is held to be wrong."""
    lines = [line.strip() for line in open(path, encoding="utf-8")]
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))


def main():
    check, binary = sys.argv[1:3]
    exceptions = listed(os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpora-exceptions.txt"))
    output = subprocess.run([sys.executable, check, binary, "--show", "100000"], capture_output=True, text=True).stdout
    print(output, end="")
    if "perf: " not in output or "wild: " not in output:
        sys.exit("the check did not come to an end")
    differing = {line.strip().split(": ", 1)[0] for line in output.splitlines() if line.startswith("   ")}
    new, gone = sorted(differing - exceptions.keys()), sorted(exceptions.keys() - differing)
    for path in new:
        print(f"differs and is no known exception: {path}")
    for path in gone:
        print(f"a known exception that differs no more: {path}")
    sys.exit(1 if new or gone else 0)


if __name__ == "__main__":
    main()
