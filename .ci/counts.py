#!/usr/bin/env python3
"""Holds what is read of ocount and PAPI against the numbers that the tools were fed, and the lab against its known truth.

usage: counts.py SHARED BINARY     exit 0 when exactly the files of .ci/counts-exceptions.txt differ
"""
import collections
import json
import os
import re
import subprocess
import sys

LOOP = 10_000_005
LAB = [("-ocount", "ocount"), ("-hl", "papi-hl-json"), ("command_line", "papi-command-line")]


def parsed(binary, folder):
    """Path below the folder -> its source line and its result lines."""
    output = subprocess.run([binary, "parse", folder, "--format", "ndjson"], capture_output=True, text=True).stdout
    sources, results = {}, collections.defaultdict(list)
    for line in output.splitlines():
        record = json.loads(line)
        if record["type"] == "source":
            sources[os.path.relpath(record["path"], folder)] = record
        elif record["type"] == "result":
            results[os.path.relpath(record["source"], folder)].append(record)
    return sources, results


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


def region_numbers(path):
    """Events and values of all regions, by a JSON reader."""
    numbers = []
    for thread in json.load(open(path, encoding="utf-8"))["threads"].values():
        for region in thread["regions"].values():
            for name, value in region.items():
                if name not in ("name", "parent_region_id", "real_time_nsec"):
                    numbers.append((name, int(value["region_value"] if isinstance(value, dict) else value)))
    return sorted(numbers)


def differences(path, entry, source, results):
    """What is read otherwise than the index says."""
    wanted = {"ocount": "ocount", "papi_command_line": "papi-command-line", "papi_hl": "papi-hl-json"}[entry["tool"]]
    if entry["rows"] == 0 and entry["tool"] == "ocount":
        wanted = None
    if source["format"] != wanted or source["rejected"]:
        return f"read as {source['format']} with {source['rejected']} rejects"
    if wanted == "papi-hl-json":
        numbers = region_numbers(path) if path.endswith(".json") else None
        read = sorted((result["event"], result["count"]) for result in results)
        return None if read and numbers in (None, read) else f"{read} instead of {numbers}"
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
    sources, results = parsed(binary, folder)
    entries = [json.loads(line) for line in open(os.path.join(folder, "index.jsonl"), encoding="utf-8")]
    entries = [entry for entry in entries if entry["tool"] in ("ocount", "papi_command_line", "papi_hl")]
    found = {}
    for entry in entries:
        file = entry["file"]
        found[file] = differences(os.path.join(folder, file), entry, sources[file], results[file])
    print(f"counts: {len(found)} outputs of ocount and PAPI with known numbers")
    return {path: what for path, what in found.items() if what}


def lab(shared, binary):
    """File of the lab -> how it differs."""
    sources, results = parsed(binary, os.path.join(shared, "corpus/lab"))
    found, truths = {}, collections.Counter()
    for path, source in sources.items():
        folder = path.split("/")[-2] if "/" in path else ""
        wanted = next((name for mark, name in LAB if mark in folder), None)
        if wanted and (source["format"] != wanted or source["rejected"]):
            found[path] = f"read as {source['format']} with {source['rejected']} rejects"
        if "/loop/" in path and folder.endswith(("-ocount-user", "-text-u")):
            events = [one for one in results[path] if re.match(r"(cycles|instructions|CPU_CYCLES|INST_RETIRED)\b", one["event"])]
            truths[folder] += 1
            if [one["count"] for one in events if one["kind"] == "count"] != [LOOP, LOOP]:
                found[path] = f"not {LOOP} twice: {[(one['event'], one['count']) for one in events]}"
    print(f"lab: {len(sources)} files; loops in user mode: {dict(truths)}")
    if len(truths) < 2:
        found["lab"] = "the loops in user mode of perf and ocount are not there"
    return found


def main():
    shared, binary = sys.argv[1:3]
    exceptions = os.path.join(os.path.dirname(os.path.abspath(__file__)), "counts-exceptions.txt")
    lines = [line.strip() for line in open(exceptions, encoding="utf-8")]
    listed = {line.split(": ", 1)[0] for line in lines if line and not line.startswith("#")}
    found = {**made(shared, binary), **lab(shared, binary)}
    for path, what in found.items():
        print(f"   {path}: {what}")
    wrong = sorted(found.keys() ^ listed)
    for path in wrong:
        print(f"differs and is no known exception: {path}" if path in found else f"a known exception that differs no more: {path}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
