#!/usr/bin/env python3
"""Holds the reading of opreport against the corpora of ../shared, except where .ci/oprofile-exceptions.txt says why the expectation is wrong.

usage: oprofile.py CORPUS BINARY     exit 0 when exactly the listed files differ

Totals, images and symbols of the made reports are compared with the sample numbers they were made from, percentages are computed
again, the rows of the found reports are those that were read by eye, and XML and text of one session have to say the same.
"""
import collections
import functools
import glob
import json
import os
import re
import subprocess
import sys

from known import leave

Read = collections.namedtuple("Read", "source results entries")


def read(binary, path):
    """What the program reads from a file."""
    output = subprocess.run([binary, "parse", "--format", "ndjson", path], capture_output=True, text=True).stdout
    records = [json.loads(line) for line in output.splitlines()]
    of = lambda kind: [record for record in records if record["type"] == kind]
    return Read(of("source")[0], of("result"), of("entry"))


def event_key(event):
    """Period and mask, by which reports and truth can be tied: names have aliases."""
    parts = event.split(":")
    if len(parts) < 3:
        return (0, 0)
    return (int(parts[1]), int(parts[2].replace("um=", ""), 16))


def short(image):
    """An image as it is printed without -f; of anonymous memory only what it is."""
    image = image.removeprefix("anon:")
    for name in ("[vdso]", "[heap]", "[stack]", "anon"):
        if image.startswith(name):
            return name
    return image.rsplit("/", 1)[-1]


def task(axis, by_group):
    """The thread of a count, or its thread group."""
    return axis.get("tgid") if by_group else axis.get("tid") or axis.get("tgid")


class Truth:
    """The sample numbers that a session was made from."""

    def __init__(self, path, mode):
        with open(path, encoding="utf-8") as file:
            self.data = json.load(file)
        self.wanted = dict(re.findall(r"\b(cpu|event|tgid):(\S+)", mode))
        self.by_group = "--merge=tid" in mode

    def keys(self, counts):
        """(name, period, mask, cpu, tid) -> samples, of what the report was asked for."""
        found = collections.Counter()
        for key, samples in counts.items():
            name, period, mask, *axes = key.split(":")
            axis = dict(part.split("=") for part in axes)
            other = {"event": name, "cpu": axis.get("cpu"), "tgid": axis.get("tgid")}
            if all(other[what] == value for what, value in self.wanted.items()):
                found[name, int(period), int(mask.removeprefix("um="), 16), axis.get("cpu"), task(axis, self.by_group)] += samples
        return found

    def folded(self, counts, like):
        """The same, without the parts that the report does not keep apart."""
        cpus, tasks, masks = like
        folded = collections.Counter()
        for (_, period, mask, cpu, task), samples in self.keys(counts).items():
            if period == 0 or masks is None:
                period, mask = (0, 0) if period == 0 else (period, -1)
            folded[period, mask, cpu if cpus else None, task if tasks else None] += samples
        return +folded


def axes_of(records):
    """Whether CPUs, tasks and masks are kept apart."""
    cpus = any(record.get("scope_kind") == "cpu" or record.get("scope", "") and "cpu:" in record["scope"] for record in records)
    tasks = any(record.get("scope_kind") in ("thread", "process") for record in records)
    return cpus, tasks


def scope(result):
    """CPU and task of a result."""
    label = result["scope"] or ""
    cpu = re.search(r"CPU(\d+)|cpu:(\d+)", label)
    task = re.search(r"\btid:(\d+)", label) or re.search(r"tgid:(\d+)", label)
    return (cpu and (cpu[1] or cpu[2])), (task and task[1])


def totals(got, merged):
    """Samples by (period, mask, cpu, task)."""
    found = collections.Counter()
    for result in got.results:
        period, mask = event_key(result["event"])
        cpu, task = scope(result)
        found[period, -1 if merged and period else mask, cpu, task] += result["count"]
        factor = period or 1
        if result["value"] != float(result["count"]) * factor:
            yield f"{result['event']}: {result['value']} is not {result['count']} x {factor}"
    yield +found


def slack(percent):
    """How far a printed percentage may be from the exact one."""
    return 0.0006 if percent >= 99.9995 else max(0.06 * percent, 1e-12) if percent <= 0.001 else 0.00006


def fits(entry, total):
    return total and abs(entry["percent"] - 100 * entry["samples"] / total) <= slack(entry["percent"])


def percentages(got):
    """Rows whose percentage is of none of the sums that it can be of."""
    wholes = collections.Counter()
    groups = collections.Counter()
    for entry in got.entries:
        axis = (entry["run"], entry["event"], entry["cpu"], entry["process"], entry["thread"])
        if entry["kind"] == "symbol" or entry["kind"] == "image":
            wholes[axis] += entry["samples"]
        side = "in" if entry["kind"] == "caller" else "out"
        if entry["of_symbol"]:
            groups[axis, side, entry["of_symbol"]] += entry["samples"]
        if entry["kind"] == "image":
            groups[axis, "app", entry["app"]] += entry["samples"]
        if entry["kind"] == "symbol":
            groups[axis, "symbol", entry["image"], entry["app"], entry["symbol"]] = entry["samples"]
    for entry in got.entries:
        axis = (entry["run"], entry["event"], entry["cpu"], entry["process"], entry["thread"])
        if entry["percent"] is None:
            continue
        side = "in" if entry["kind"] == "caller" else "out"
        of = {
            "image": groups[axis, "app", entry["app"]],
            "address": groups[axis, "symbol", entry["image"], entry["app"], entry["symbol"]],
        }.get(entry["kind"], groups[axis, side, entry["of_symbol"]])
        if not fits(entry, wholes[axis]) and not fits(entry, of):
            yield f"line {entry['line']}: {entry['percent']} % is not the share of {entry['samples']}"


def made(row, got, corpus):
    """Differences of a made report."""
    path = os.path.join(corpus, row["truth"].removeprefix("corpus/"))
    with open(path, encoding="utf-8") as file:
        is_diff = "after" in json.load(file)
    if is_diff:
        path = os.path.join(os.path.dirname(path), json.load(open(path, encoding="utf-8"))["before" if "_rev" in row["file"] else "after"])
    truth = Truth(path, row["mode"])
    merged = "--merge=unitmask" in row["mode"] or "--merge=all" in row["mode"]
    *wrong, found = totals(got, merged)
    yield from wrong
    like = (any(key[2] for key in found), any(key[3] for key in found), None if merged else True)
    if row.get("total_checked") or is_diff or row["mode"] == "-c --xml":
        expected = truth.folded(truth.data["totals"], like)
        if all(key[0] == 0 for key in found):
            expected = collections.Counter({(0, 0, *key[2:]): samples for key, samples in expected.items()})
        if expected != found:
            yield f"totals {dict(found)}, made from {dict(expected)}"
        yield from images(got, truth, like)
        # Details have the percentages of what was shown only; thresholds and filters leave rows out.
        if not is_diff:
            yield from percentages(got)
    yield from symbols(row, got, truth, like, is_diff)
    yield from row_count(row, got, is_diff)
    events = {result["event"] for result in got.results}
    if not names_events(got):
        events = set(row["events"]) if all(event.startswith("unknown event") for event in events) else events
    if not is_diff and truth.wanted == {} and not merged and events != set(row["events"]) and events != {"TIMER"}:
        yield f"events {sorted(events)}, made from {row['events']}"


def names_events(got):
    """Whether the report says at all which events it counted."""
    with open(got.source["path"], encoding="utf-8") as file:
        text = file.read()
    return "Counted " in text or "<eventsetup" in text


def sums(records, key):
    """Samples of entries by a key."""
    found = collections.Counter()
    for entry in records:
        found[key(entry)] += entry["samples"]
    return found


def images(got, truth, like):
    """Images of a summary, or of the symbols of a list, against the truth."""
    kind = "symbol" if any(entry["kind"] == "symbol" for entry in got.entries) else "image"
    entries = [entry for entry in got.entries if entry["kind"] == kind]
    if not any(entry["image"] for entry in entries):
        return
    found = sums(entries, lambda entry: short(entry["image"]))
    expected = collections.Counter()
    for image in truth.data["images"]:
        expected[short(image["image"])] += sum(truth.folded(image["counts"], like).values())
    if found != +expected:
        yield f"images {dict(found - expected)} too many, {dict(expected - found)} too few"


@functools.cache
def demangled(name):
    """A name as the linker knows it in the words of C++, by binutils, whose library opreport uses as well."""
    return subprocess.run(["c++filt", name], capture_output=True, text=True, check=True).stdout.strip()


def plain(image, symbol, mode):
    """A symbol without the blanks in which versions of the demangler differ; `None` where an image has none and is named instead."""
    if symbol.startswith("0x") or short(symbol) == short(image):
        return None
    # With -D smart, patterns of OProfile's own shorten the standard library: what is left is only known to be C++.
    if "-D smart" in mode:
        symbol = "<C++>" if "<" in symbol else symbol.replace("(anonymous namespace)::", "")
    return symbol.replace(" ", "")


def symbols(row, got, truth, like, is_diff):
    """Samples by image, application, symbol and axis, all of them, against the truth, which has names as the linker knows them."""
    entries = [entry for entry in got.entries if entry["kind"] == "symbol" and entry["image"]]
    if not entries:
        return
    by_event = names_events(got)
    # XML names one application for a process, even when several had its number.
    by_app = any(entry["app"] for entry in entries) and not any(entry["process"] for entry in entries)
    merged = "--merge=lib" in row["mode"] or "--merge=all" in row["mode"]
    found, expected = collections.Counter(), collections.Counter()
    for entry in entries:
        period, mask = event_key(entry["event"]) if by_event else (0, 0)
        axis = (period, -1 if like[2] is None and period else mask, entry["cpu"], entry["thread"] or entry["process"])
        app = short(entry["app"]) if by_app and entry["app"] else None
        found[(short(entry["image"]), app, plain(entry["image"], entry["symbol"], row["mode"]), *map(str, axis))] += entry["samples"]
    for symbol in truth.data["symbols"]:
        name = symbol["symbol"] if "-D none" in row["mode"] else demangled(symbol["symbol"])
        app = symbol["image" if merged else "app"]
        key = (short(symbol["image"]), short(app) if by_app else None, plain(symbol["image"], name, row["mode"]))
        for axis, samples in truth.folded(symbol["counts"], like).items():
            axis = axis if by_event else (0, 0, *axis[2:])
            expected[(*key, *map(str, axis))] += samples
    # Rows of a comparison that are gone from the second profile have the samples of the first. Thresholds and filters leave rows out.
    if re.search(r"-t |-l?x$|-[ie] |/tmp/", row["mode"]):
        expected &= found
    if +expected != (found & expected if is_diff else +found):
        yield f"symbols {dict(found - expected)} too many, {dict(expected - found)} too few"


def row_count(row, got, is_diff):
    """The number of rows is that of the index."""
    if row["file"].endswith(".xml"):
        if "-d" in row["mode"]:
            return
        classes = len({(entry["event"], entry["cpu"]) for entry in got.entries})
        # In a document of one class each row has its own line.
        key = (lambda e: e["line"]) if classes == 1 else lambda e: (e["kind"], e["image"], e["app"], e["symbol"], e["of_symbol"])
        found = len({key(e) for e in got.entries if e["kind"] in ("symbol", "caller", "callee", "self")})
        expected = row["rows"]
    else:
        found = len({entry["line"] for entry in got.entries})
        expected = row["rows"] + row.get("rows_detail_or_cg_children", 0)
        if is_diff:
            expected = got.source["results"]
    if found != expected:
        yield f"{found} rows, {expected} in the index"


def wild(row, got):
    """Differences of a found report: its rows, its checked values, its events."""
    yield from row_count(row, got, False)
    if row["events"] and {result["event"] for result in got.results} != set(row["events"]):
        yield f"events {sorted({result['event'] for result in got.results})}, {row['events']} in the index"
    lines = collections.defaultdict(list)
    for entry in got.entries:
        lines[entry["line"]].append(entry)
    for check in row["checks"]:
        check = re.sub(r"cum \d+ ", "", check)
        pairs = [(int(a), float(b)) for a, b in re.findall(r"\b(\d+) (\d+\.\d{3,4}|\d\.\de-\d\d)", check)]
        named = lambda entry: any((entry[key] or "\0").split(" (tgid")[0] in check for key in ("symbol", "image", "app"))
        has = lambda entries: all(any((e["samples"], e["percent"]) == pair for e in entries) for pair in pairs)
        if not any(has(entries) and named(entries[0]) for entries in lines.values()):
            yield f"no row is {check!r}"


def alike(corpus, binary):
    """XML and symbol list of one session."""
    for xml in sorted(glob.glob(os.path.join(corpus, "made", "*__xml.xml"))):
        text = xml.replace("__xml.xml", "__l.txt")
        session = os.path.basename(xml).split("__")[0]
        if not os.path.exists(text) or session.startswith("haswell") or session == "skylake_cpus_two":
            continue
        rows = lambda got: sums(
            [entry for entry in got.entries if entry["kind"] == "symbol"],
            lambda entry: (event_key(entry["event"]), short(entry["image"]), short(entry["app"] or entry["image"]), entry["symbol"], entry["cpu"]),
        )
        one, other = rows(read(binary, xml)), rows(read(binary, text))
        if one != other:
            yield f"made/{session}__xml.xml: XML has {dict(list((one - other).items())[:3])}, text {dict(list((other - one).items())[:3])}"


def lab(root, binary):
    """The three reports of each profile of the lab say the same, but that symbols leave out what only the kernel's own list names."""
    for xml in sorted(glob.glob(os.path.join(root, "**", "*operf*", "*.xml"), recursive=True)):
        stem = xml.removesuffix(".xml")
        got = [read(binary, stem + end) for end in (".xml", ".summary.txt", ".symbols.txt")]
        formats = [part.source["format"] for part in got]
        counts = [sorted(result["count"] for result in part.results) for part in got]
        listed_only = sum(entry["samples"] for entry in got[1].entries if entry["kind"] == "image" and entry["image"] == "kallsyms")
        symbols_of = [sum(part) for part in counts]
        same = symbols_of[0] == symbols_of[2] == symbols_of[1] - listed_only
        empty = [len(part.entries) == 0 for part in got]
        if formats != ["opreport-xml", "opreport-text", "opreport-text"] or not same or empty[1]:
            yield f"lab/{os.path.relpath(stem, root)}: {formats} {counts}"


def differences(corpus, binary):
    """`file: what differs`, for every file."""
    done = collections.Counter()
    with open(os.path.join(corpus, "index.jsonl"), encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    for row in rows:
        if row["tool"] not in ("opreport", "opannotate"):
            continue
        got = read(binary, os.path.join(corpus, row["file"]))
        is_report = row["tool"] == "opreport" and row["rows"] > 0
        wanted = ("opreport-xml" if row["file"].endswith(".xml") else "opreport-text") if is_report else None
        done[row["file"].split("/")[0], wanted] += 1
        if got.source["format"] != wanted:
            yield f"{row['file']}: read as {got.source['format']}, is {wanted}"
        elif is_report:
            found = made(row, got, corpus) if "truth" in row else wild(row, got)
            yield from (f"{row['file']}: {text}" for text in found)
            if got.source["rejected"]:
                yield f"{row['file']}: {got.source['rejected']} lines rejected"
    yield from alike(corpus, binary)
    yield from lab(os.path.join(os.path.dirname(corpus), "lab"), binary)
    for (where, wanted), count in sorted(done.items(), key=str):
        print(f"oprofile: {count} files of {where} that are {wanted or 'no report'}")


def main():
    corpus, binary = os.path.abspath(sys.argv[1]), sys.argv[2]
    found = list(differences(corpus, binary))
    for text in found:
        print("   " + text)
    leave({text.split(": ", 1)[0] for text in found}, "oprofile-exceptions.txt")


if __name__ == "__main__":
    main()
