#!/usr/bin/env python3
"""Holds what is read of ocount and PAPI against the numbers that the tools were fed, lists of events, and the lab with its known truth.

usage: counts.py SHARED BINARY     exit 0 when exactly the files of .ci/counts-exceptions.txt differ
"""
import collections
import json
import os
import re
import sys

from known import leave, parsed
from lists import lists

LOOP = 10_000_005
FORMATS = {"ocount": "ocount", "papi_command_line": "papi-command-line", "papi_hl": "papi-hl-json", "papi_hl_writer": "papi-hl-writer"}
# What a file of the lab is: a format, or what a file without results is taken for. The first line that fits counts.
LAB = [
    (r"/_machine/ophelp\.txt$", "ophelp-text"),
    (r"/_machine/ophelp\.xml$", "ophelp-xml"),
    (r"/_machine/papi_avail", "papi-avail"),
    (r"/_machine/papi_native_avail", "papi-native-avail"),
    (r"/_machine/perf-stat-v", "perf-stat-text"),
    (r"/_machine/|^README", None),
    (r"-ocount(-\w+)?/", "ocount"),
    (r"-operf/.*\.operf\.txt$", "operf console output"),
    (r"-operf/.*\.xml$", "opreport-xml"),
    (r"-operf/", "opreport-text"),
    (r"-command_line/", "papi-command-line"),
    (r"-hl/", "papi-hl-json"),
    (r"/perf-[^/]*-record/", "perf report output"),
    (r"/perf-[^/]*-csv", "perf-stat-csv"),
    (r"/perf-[^/]*-json", "perf-stat-json"),
    (r"/perf-[^/]*-text", "perf-stat-text"),
]
USER_LOOP = re.compile(r"/loop/[^/]+-(ocount-user|text-u|csv-ukmix)/")
USER_EVENT = re.compile(r"(cycles|instructions):u$|(CPU_CYCLES|INST_RETIRED):0x0:0:1$")


def read(binary, folder):
    """Path below the folder -> its source line and its result lines."""
    sources, records = parsed(binary, folder)
    return sources, {path: [one for one in records[path] if one["type"] == "result"] for path in sources}


def ocount_prints(fed):
    """The numbers of a block: as fed, or all scaled (and cut) as soon as one event ran over 1 % shorter than it was enabled."""
    scaled = any(one["enabled"] - one["running"] > one["enabled"] / 100 for one in fed)
    numbers = []
    for one in fed:
        if one["enabled"] == 0:
            numbers.append(None)
        elif scaled:
            numbers.append(int(one["count"] * one["enabled"] / one["running"]) if one["running"] else 0)
        else:
            numbers.append(one["count"])
    return numbers


def fed_numbers(entry):
    """What has to be printed, every block after the other; system-wide without a CPU column, the CPUs are added up."""
    block, kinds = ocount_prints(entry["fed"]), max(len(entry["events"]), 1)
    if len(block) > entry["rows"] or "interval" in entry["file"] and "sep" not in entry["file"] and len(block) > kinds:
        block = [sum(block[at::kinds]) for at in range(kinds)]
    return block * (entry["rows"] // len(block)) if block else []


def check_value(text):
    """`NAME NUMBER REST` -> name and number."""
    found = re.match(r"(\S+) (0X[0-9A-F]+|[\d,]+)", text)
    number = found[2].replace(",", "")
    return found[1], int(number, 16) if number.startswith("0X") else int(number)


def regions(node):
    """The objects that hold values, wherever they stand."""
    if any(time in node for time in ("cycles", "Real time in s")):
        return [node]
    return [region for value in node.values() if isinstance(value, dict) for region in regions(value)]


def numbers_of(name, value):
    """The results that a member of a region has to give: totals and values under its name, statistics under names of their own."""
    if not isinstance(value, dict):
        value = {"region_value": value}
    for part, number in value.items():
        if part in ("region_value", "total"):
            yield name, float(number)
        elif not part.startswith("read_"):
            yield f"{name} ({part})", float(number)


def region_numbers(path):
    """Events and values of all regions, by a JSON reader. A time of the whole is the run's, and no result."""
    numbers = []
    for region in regions(json.load(open(path, encoding="utf-8"))):
        for name, value in region.items():
            is_wall = name == "Real time in s" or name == "real_time_nsec" and (not isinstance(value, dict) or "region_value" in value)
            if name not in ("name", "parent_region_id") and not is_wall:
                numbers.extend(numbers_of(name, value))
    return sorted(numbers)


def differences(path, entry, source, results):
    """What is read otherwise than the index says."""
    wanted = FORMATS[entry["tool"]]
    if entry["rows"] == 0 and entry["tool"] == "ocount":
        wanted = None
    if source["format"] != wanted or source["rejected"]:
        return f"read as {source['format']} with {source['rejected']} rejects"
    if wanted and wanted.startswith("papi-hl"):
        numbers = region_numbers(path) if path.endswith(".json") else None
        got = sorted((result["event"], result["value"]) for result in results)
        return None if got and numbers in (None, got) else f"{got} instead of {numbers}"
    values = [(result["event"], result["count"]) for result in results if result["status"] != "not supported"]
    if len(values) != entry["rows"]:
        return f"{len(values)} rows instead of {entry['rows']}"
    if entry.get("fed") and [count for _, count in values] != fed_numbers(entry):
        return f"{values} instead of {fed_numbers(entry)}"
    if not entry.get("fed"):
        missing = [check for check in entry["checks"] if check_value(check) not in values]
        return f"without {missing}" if missing else None
    return None


def made(shared, binary):
    """File of the OProfile corpus -> how it differs."""
    folder = os.path.join(shared, "corpus/oprofile")
    sources, results = read(binary, folder)
    entries = [json.loads(line) for line in open(os.path.join(folder, "index.jsonl"), encoding="utf-8")]
    entries = [entry for entry in entries if entry["tool"] in FORMATS]
    found = {}
    for entry in entries:
        file = entry["file"]
        found[file] = differences(os.path.join(folder, file), entry, sources[file], results[file])
    print(f"counts: {len(found)} outputs of ocount and PAPI with known numbers")
    return {path: what for path, what in found.items() if what}


def is_as(path, source):
    """How the recognition of a file of the lab differs from what made it, or nothing."""
    wanted = next((name for pattern, name in LAB if re.search(pattern, path)), "known by its path")
    if wanted is None:
        return f"read as {source['format']}" if source["format"] else None
    if wanted not in (source["format"], source["taken_for"]) or source["rejected"]:
        return f"read as {source['format'] or source['taken_for']} with {source['rejected']} rejects, is {wanted}"
    return None


def lab(shared, binary):
    """File of the lab -> how it differs. Every file was made by a tool that its path names; `loop` has a known number of instructions."""
    sources, results = read(binary, os.path.join(shared, "corpus/lab"))
    found, truths = {}, collections.Counter()
    for path, source in sources.items():
        found[path] = is_as(path, source)
        loop = USER_LOOP.search(path)
        if loop:
            counts = [one["count"] for one in results[path] if USER_EVENT.match(one["event"])]
            truths[loop[1]] += 1
            if counts != [LOOP, LOOP]:
                found[path] = f"{counts}, not {LOOP} twice"
    print(f"lab: {len(sources)} files; loops in user mode: {dict(truths)}")
    if len(truths) < 3:
        found["lab"] = "the loops in user mode of perf and ocount are not there"
    return {path: what for path, what in found.items() if what}


def main():
    shared, binary = sys.argv[1:3]
    found = {**made(shared, binary), **lab(shared, binary), **lists(shared, binary)}
    for path, what in found.items():
        print(f"   {path}: {what}")
    leave(set(found), "counts-exceptions.txt")


if __name__ == "__main__":
    main()
