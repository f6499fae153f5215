#!/usr/bin/env python3
"""Holds the program against the corpora of ../shared, except where .ci/corpora-exceptions.txt says why the expectation is wrong.

usage: corpora.py CHECK BINARY     exit 0 when exactly the listed files differ
"""
import subprocess
import sys

from known import leave


def main():
    check, binary = sys.argv[1:3]
    output = subprocess.run([sys.executable, check, binary, "--show", "100000"], capture_output=True, text=True).stdout
    print(output, end="")
    if "perf: " not in output or "wild: " not in output:
        sys.exit("the check did not come to an end")
    leave({line.strip().split(": ", 1)[0] for line in output.splitlines() if line.startswith("   ")}, "corpora-exceptions.txt")


if __name__ == "__main__":
    main()
