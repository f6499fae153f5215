#!/usr/bin/env python3
"""Holds the side files in docs/sidecars against the trees they were written for, in ../shared/corpus/wild.

usage: trees.py BINARY [SHARED]     exit 0 when every run has the host, experiment, labels and repetition that its path states

What a path states is read here by splitting it by hand, not by the templates.
"""
import collections
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def place(host=None, experiment=None, repetition=None, **labels):
    return {"host": host, "experiment": experiment, "repetition": repetition, "labels": {k: v for k, v in labels.items() if v}}


def rapl_validation(path):
    parts = path.split("/")
    if any(part == "old" or part.endswith((".old", "_wrong")) for part in parts):
        return None
    if parts[0] == "phase_plots":
        return place(host=parts[1], experiment=parts[2])
    top, memory, host, *rest, name = parts
    riser = rest.pop(0) if rest[0] == "without_riser" else None
    dimm, benchmark, *rate = rest
    size, vendor = dimm.split("_")
    experiment, blas = benchmark.split("_") if benchmark.startswith("hpl_") else (benchmark, None)
    return place(host, experiment, name.split(".")[-1], memory=memory, riser=riser, dimm_size=size, dimm_vendor=vendor,
                 blas=blas, meter_rate=rate[0] if rate else None)


def sandmark(path):
    top, host, night, commit, name = path.split("/")
    build, number = name.removesuffix(".perfstat.summary.bench").rsplit("_", 1)
    compiler, variant = build.split("+", 1)
    return place(host, None, number, night=night, commit=commit, compiler=compiler, variant=variant)


def vmitosis(path):
    evaluation, origin, *figure, data, workload, directory, name = path.split("/")
    vm, directory = directory.split("-config-")
    code, day, time = directory.removeprefix(workload + "-").rsplit("-", 2)
    assert name == f"perflog-{workload}-{vm}-{code}.dat", path
    return place(None, workload, None, origin=origin, figure=figure[0] if figure else None, vm=vm, config=code,
                 launched=f"{day}-{time}")


def cse_ext4(path):
    top, personality, instances, mode, run, name = path.split("/")
    filesystem, journal = mode.split("-")
    return place(None, personality, run.split("_")[1], instances=instances.split("_")[2], filesystem=filesystem, journal=journal)


def ece585(path):
    benchmark, directory, name = path.split("/")
    labels = {"kernel_threads": directory.removeprefix("results").lstrip("_")}
    stem, extension = name.split(".")
    words = stem.removeprefix(benchmark).replace("per_core", "percore").split("_")[1:] + extension.split("_")[1:]
    for word in words:
        if word in ("P", "E", "allP"):
            labels["cores"] = word
        elif word == "pinned":
            labels["pinned"] = word
        elif word == "percore":
            labels["clients"] = "per_core"
        else:
            labels["clients" if "-" in word else "cpu"] = word
    return place(None, benchmark, None, **labels)


TREES = {
    "rapl_validation": ("deater__rapl_validation", rapl_validation),
    "sandmark-nightly": ("ocaml-bench__sandmark-nightly", sandmark),
    "vmitosis": ("mitosis-project__vmitosis-asplos21-artifact", vmitosis),
    "cse-ext4": ("notisv__cse-ext4-perf-analysis", cse_ext4),
    "ece585": ("wstevens2090__ece585_finalproj", ece585),
}


def commands(file):
    """What the outputs of a file say that they measured, in order."""
    text = open(file, encoding="utf-8", errors="replace").read()
    return re.findall(r"^ Performance counter stats for '(.*)'(?: \(\d+ runs\))?:$", text, re.M)


def expected(wild, folder, read):
    """(path, host, experiment, repetition, labels) of every output, as often as there are outputs."""
    rows = [json.loads(line) for line in open(os.path.join(wild, "index.jsonl"), encoding="utf-8")]
    found = collections.Counter()
    for row in rows:
        if row["role"] != "perf" or not row["counter_rows"] or not row["path"].startswith(folder + "/"):
            continue
        path = row["path"].removeprefix(folder + "/")
        here = read(path)
        if here is None:
            continue
        named = [here["experiment"]] * row["runs"] if here["experiment"] else commands(os.path.join(wild, row["path"]))
        assert len(named) == row["runs"], row["path"]
        labels = json.dumps(here["labels"], sort_keys=True)
        found.update((path, here["host"], experiment, here["repetition"], labels) for experiment in named)
    return found


def run(*words):
    result = subprocess.run(words, capture_output=True, text=True)
    if result.returncode not in (0, 1):
        sys.exit(f"{' '.join(words)}: {result.stderr}")
    return result.stdout


def loaded(binary, side_file, tree):
    """The same, as the program has it."""
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "test.db")
        run(binary, "import", "-q", "--db", database, "--sidecar", side_file, tree)
        rows = csv.DictReader(io.StringIO(run(binary, "show", "runs", "--format", "csv", "--db", database)))
        labels = lambda row: json.dumps(json.loads(row["labels"] or "{}"), sort_keys=True)
        key = lambda row: (row["path"], row["host"] or None, row["experiment"], row["repetition"] or None, labels(row))
        return collections.Counter(key(row) for row in rows)


def distinct(rows):
    labels = collections.defaultdict(set)
    for row in rows:
        for key, value in json.loads(row[4]).items():
            labels[key].add(value)
    of = lambda column: len({row[column] for row in rows if row[column] is not None})
    each = " ".join(f"{key}:{len(values)}" for key, values in sorted(labels.items()))
    return f"files {of(0)}  hosts {of(1)}  experiments {of(2)}  repetitions {of(3)}  labels {each}"


def main():
    binary = os.path.abspath(sys.argv[1])
    shared = sys.argv[2] if len(sys.argv) > 2 else os.path.join(os.path.dirname(ROOT), "shared")
    wild = os.path.join(shared, "corpus", "wild")
    wrong = 0
    for name, (folder, read) in TREES.items():
        want = expected(wild, folder, read)
        have = loaded(binary, os.path.join(ROOT, "docs", "sidecars", name + ".toml"), os.path.join(wild, folder))
        missing, extra = want - have, have - want
        print(f"{name}: {want.total()} outputs, {missing.total()} missing, {extra.total()} not expected")
        print(f"    {distinct(want)}")
        for sign, rows in (("-", missing), ("+", extra)):
            print("".join(f"    {sign} {row}\n" for row in sorted(rows, key=str)[:5]), end="")
        wrong += missing.total() + extra.total()
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
