#!/usr/bin/env python3
"""Packs a folder of catalogue tables into catalog/events.bundle, which the binary carries.

    python3 catalog/build.py TABLES_DIRECTORY

Run by hand when a table changes; the output depends on the tables alone. Names and numbers only: no description of any event
goes into the bundle, and no uncore event. docs/catalog.md says where the tables come from and how the bundle is laid out.
"""

import csv
import gzip
import io
import sys
import zlib
from collections import defaultdict
from pathlib import Path

FORMAT = 1
VERSION = "2026-08.1"
SOURCES = [
    "intel/perfmon 2026-08", "libpfm4 2024-10", "PAPI papi_events.csv 2026-08", "OProfile 1.5.0git 2024-12", "Linux 6.1.176 and 6.12.117",
]

# The PMUs of a core; perf calls that of s390 `cpum_cf`, its tables `cpu-m-cf`.
CORE_PMUS = ("cpu", "cpu_core", "cpu_atom", "cpu_lowpower", "cpu-m-cf")

# Labels of microarch.csv that stand for several tables, or for one that is called otherwise. `|` parts alternatives (the label does
# not tell which), `PMU:table` says which of several PMUs a table belongs to.
TABLES = {
    "adl_glc+adl_grt": "cpu_core:adl_glc|cpu_atom:adl_grt",
    "amd64_k8_revb..revg": "|".join(f"amd64_k8_rev{letter}" for letter in "bcdefg"),
    "amd64_fam10h_barcelona|shanghai(4-6)|istanbul(8-9)": "amd64_fam10h_barcelona|amd64_fam10h_shanghai|amd64_fam10h_istanbul",
    "power5p": "power5+",
}
S390_COMMON = ["s390x_cpumcf_fvn1_counters", "s390x_cpumcf_fvn3_counters", "s390x_cpumcf_svn_generic_counters"]
FAMILY_10H = {"4-6": "amd64_fam10h_shanghai", "8-9": "amd64_fam10h_istanbul", "2": "amd64_fam10h_barcelona"}


def rows(path):
    """The rows of a table as dictionaries."""
    data = path.read_bytes()
    text = gzip.decompress(data) if path.suffix == ".gz" else data
    return list(csv.DictReader(io.StringIO(text.decode("utf-8"))))


def line(*cells):
    """One line of a member; no name contains a tabulator."""
    assert not any("\t" in cell or "\n" in cell for cell in cells), cells
    return "\t".join(cells).rstrip("\t") + "\n"


def tables_of(row, column):
    if row[column] == "cpum_cf":
        generation = row["kernel_dir"].removeprefix("cf_")
        return "|".join([f"s390x_cpumcf_{generation}_counters", *S390_COMMON])
    return TABLES.get(row[column], row[column])


def microarchs(source):
    """Rows that differ in the architecture alone become one; family 10h is told apart by its models where they are known.

    Every x86 may run a kernel of 32 bits, which calls the architecture i386 to i686.
    """
    merged = {}
    for row in rows(source / "microarch.csv"):
        identity = row["vendor"], row["family"], row["model"], row["stepping"]
        cells = [row["short"] or row["core"].upper(), row["common_name"], row["core"], row["kernel_dir"], row["oprofile"],
                 tables_of(row, "libpfm_pmu"), tables_of(row, "papi_cpu"), row["generic_table"], row["notes"]]
        archs = merged.setdefault((identity, tuple(cells)), [])
        new = [row["arch"], "i386"] if row["arch"] == "x86_64" else [row["arch"]]
        archs.extend(arch for arch in new if arch not in archs)
    for (identity, cells), archs in merged.items():
        yield line("|".join(archs), *identity, *cells)
        if cells[0] == "F10H":
            for models, table in FAMILY_10H.items():
                vendor, family, _, stepping = identity
                yield line("|".join(archs), vendor, family, models, stepping, *cells[:5], table, table, *cells[7:])


def generic(row):
    """Kernels: empty, `6.1`, `6.12`, or `6.12 fallback` (always in 6.1, in 6.12 when the CPU lacks the other)."""
    kernel = {"only 6.12 read": "", "6.1 always; 6.12 fallback": "6.12 fallback"}.get(row["kernel"], row["kernel"])
    cells = [row["pmu"], row["perf_event"], row["alias"], row["type"], row["config"], row["config1"], kernel]
    text = line(*cells, row["note"] if row["note"].startswith("PM_") else "")
    # What the note of a row says of kernel 6.12 is a row of its own.
    if "0x013c instead" in row["note"]:
        text += line(*cells[:4], "0x13c", "", "6.12")
    return row["uarch"], text


def register(other):
    """The value for the extra register of an event: `msr=0x1a6/0x1a7:0x10001` is 0x10001."""
    values = [part.rpartition(":")[2] for part in other.split() if part.startswith("msr=")]
    return values[0] if values else ""


def perf(row):
    if row["pmu"].partition(":")[0] not in CORE_PMUS:
        return None, ""
    config = row["config"] or (row["code"] if row["pmu"] == "cpu-m-cf" else "")
    if not config:
        return None, ""
    pmu = "cpum_cf" if row["pmu"] == "cpu-m-cf" else row["pmu"]
    deprecated = "" if row["deprecated"] == "0" else "1"
    return row["uarch"], line(pmu, row["event"], config, register(row["other"]), deprecated)


def oprofile(row):
    """operf and ocount put the upper bits of AMD's event numbers where the kernel takes none: the lower eight alone are counted."""
    config = row["default_config"]
    if row["cpu_type"].startswith(("x86-64/", "i386/athlon")) and config:
        config = hex(int(config, 16) & ~(0xF << 32))
    return row["cpu_type"], line(row["event"], row["number"], row["um_type"], row["default_um"], config, row["unit_masks"])


def libpfm4(row):
    cells = [row["event"], row["umask_name"], row["config"], row["config1"], row["default_umask"]]
    return row["pmu"], line(*cells, "" if row["perf_type"] == "4" else row["perf_type"])


def papi(row):
    return row["papi_cpu"], line(row["preset"], row["kind"], row["expression"], row["native_events"])


def members(source):
    """Every member of the bundle: name and text."""
    yield "microarch", "".join(microarchs(source))
    seeds = {}
    for row in rows(source / "seed_disagreements.csv"):
        seeds.setdefault((row["model"], row["seed_name"], row["our_short"], row["verdict"]), None)
    yield "seed", "".join(line(*seed) for seed in seeds)
    conflicts = rows(source / "name_conflicts.csv")
    yield "conflicts", "".join(line(*row.values()) for row in conflicts)
    for table, file, make in [("generic", "generic.csv", generic), ("perf", "pmu_events.csv.gz", perf),
                              ("oprofile", "oprofile.csv", oprofile), ("libpfm4", "libpfm4.csv", libpfm4), ("papi", "papi_presets.csv", papi)]:
        texts = defaultdict(list)
        for row in rows(source / file):
            key, text = make(row)
            if key is not None:
                texts[key].append(text)
        for key in sorted(texts):
            yield f"{table}/{key}", "".join(texts[key])


def deflated(text):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(text.encode("utf-8")) + packer.flush()


def main(source, target):
    index, blocks, offset = [], [], 0
    for name, text in members(source):
        block = deflated(text)
        index.append(f"{name}\t{offset}\t{len(block)}\t{len(text.encode('utf-8'))}\n")
        blocks.append(block)
        offset += len(block)
    head = f"prc-etl catalogue {FORMAT}\n{VERSION}\n{'; '.join(SOURCES)}\n"
    target.write_bytes((head + "".join(index) + "\n").encode("utf-8") + b"".join(blocks))
    print(f"{len(index)} members, {target.stat().st_size} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(__file__).with_name("events.bundle"))
