#!/usr/bin/env python3
"""Writes a tree of result files in twelve formats, and its rows beside it as OUT.rows.tsv: the workload of the measurements.

usage: python3 bench/tree.py OUT [-n FILES]

    OUT/<host>/<kernel>/<experiment>/<tool>/run-<i>.<ext>

The same number of files always gives the same bytes. A row of the TSV is a reading, or a row that says that there is none, as a store
without any names in it would hold it: ids of experiment, tool, environment and event, the value, two empty columns, and the file.
"""
import argparse
import random
from pathlib import Path

# perf, OProfile, PAPI, usual size as a power of ten
EVENTS = [
    ("cycles", "CPU_CLK_UNHALTED", "PAPI_TOT_CYC", 8.9), ("instructions", "INST_RETIRED", "PAPI_TOT_INS", 9.0),
    ("branches", "BR_INST_RETIRED", "PAPI_BR_INS", 8.2), ("branch-misses", "BR_MISP_RETIRED", "PAPI_BR_MSP", 6.3),
    ("cache-references", "LLC_REFS", "PAPI_L3_TCA", 6.8), ("cache-misses", "LLC_MISSES", "PAPI_L3_TCM", 5.9),
    ("L1-dcache-loads", "MEM_INST_RETIRED", "PAPI_LD_INS", 8.4), ("L1-dcache-load-misses", "L1D_REPL", "PAPI_L1_DCM", 6.9),
    ("L1-icache-load-misses", "L1I_MISSES", "PAPI_L1_ICM", 5.7), ("dTLB-loads", "DTLB_LOADS", "PAPI_TLB_TL", 8.3),
    ("dTLB-load-misses", "DTLB_LOAD_MISSES", "PAPI_TLB_DM", 5.1), ("iTLB-load-misses", "ITLB_MISSES", "PAPI_TLB_IM", 4.2),
    ("LLC-loads", "OFFCORE_REQUESTS", "PAPI_L3_DCR", 6.1), ("LLC-load-misses", "L2_RQSTS", "PAPI_L2_DCM", 5.5),
    ("stalled-cycles-frontend", "RESOURCE_STALLS", "PAPI_RES_STL", 8.0), ("uops_issued.any", "UOPS_ISSUED", "PAPI_FP_OPS", 9.1),
    ("instructions:u", "UOPS_RETIRED", "PAPI_INT_INS", 8.9), ("r82d0", "STORE_BLOCKS", "PAPI_SR_INS", 8.1),
    ("cpu/event=0x3c,umask=0x0/", "CPU_IO_REQUESTS", "PAPI_REF_CYC", 8.8), ("bus-cycles", "BUS_TRAN_ANY", "PAPI_STL_ICY", 7.3),
    ("page-faults", "PAGE_WALKS", "PAPI_MEM_WCY", 2.6), ("minor-faults", "SNOOP_RESPONSE", "PAPI_CA_SNP", 2.5),
    ("context-switches", "MACHINE_CLEARS", "PAPI_BR_TKN", 1.5), ("cpu-migrations", "HW_INT_RCV", "PAPI_HW_INT", 0.6),
    ("task-clock", "THERMAL_TRIP", "PAPI_BR_NTK", 8.5),
]
WORKS = ["true", "linpack1000d", "stream", "sqlite-bench", "gzip-corpus", "kbuild-tiny", "memcpy-4k", "openssl-aes", "matmul-512"]
IMAGES = ["vmlinux", "libc-2.17.so", "ld-2.17.so", "libm-2.17.so", "bash", "perl", "libpthread-2.17.so", "ext4", "libz.so.1.2.7"]
WORDS = "get put page alloc free mem cpy lock un rcu sched tick irq tlb vma map zone slab str len hash find".split()
CPUS = [("GenuineIntel", 6, 58, 9), ("GenuineIntel", 6, 85, 7), ("AuthenticAMD", 23, 49, 0)]
HOSTS, KERNELS = 20, ["5.14.0-70.el9", "6.15.0-71.el9"]


class File:
    """One result file: its lines, and its rows as event and value."""

    def __init__(self, rng, experiment):
        self.rng, self.experiment, self.lines, self.rows = rng, experiment, [], []
        self.events = rng.sample(EVENTS, int(rng.triangular(8, 25, 8)))

    def reading(self, event, tool, none=0.0):
        """The printed name and value; None when nothing was counted."""
        name, value = event[tool], None
        if self.rng.random() >= none:
            value = round(10 ** (event[3] + self.rng.gauss(0, 0.1)))
            value = round(value / 1e6, 2) if name == "task-clock" else value
        self.rows.append((name, value))
        return name, value

    def missing(self):
        return self.rng.choice(("<not counted>", "<not supported>"))

    def perf_text(self, repeat=False, multiplexed=False, old=False):
        rng = self.rng
        self.lines += ["", f" Performance counter stats for '{self.experiment}'{' (5 runs)' if repeat else ''}:", ""]
        for event in self.events:
            name, value = self.reading(event, 0, 0.02)
            printed = self.missing() if value is None else f"{value:,}" if isinstance(value, int) else f"{value:.{6 if old else 2}f}"
            unit = "" if old else "msec " if name == "task-clock" else "     "
            row = f"{printed:>18} {unit}{name:<30}"
            if value is not None:
                metric = {"task-clock": "CPUs utilized", "cycles": "GHz", "instructions": "insn per cycle"}.get(name, "M/sec")
                row += f"#{rng.random() * 9:9.3f} {metric:<23}"
                row += f" ( +-{rng.random() * 4:6.2f}% )" if repeat else ""
                row += f"  ({rng.uniform(20, 99):.2f}%)" if multiplexed else ""
            self.lines.append(row)
        spent = rng.expovariate(0.5) + 0.001
        tail = f"{spent:18.5f} +- {spent / 90:.5f} seconds time elapsed  ( +-{1.1:6.2f}% )" if repeat else f"{spent:18.9f} seconds time elapsed"
        self.lines += ["", tail, ""]

    def perf_csv(self, separator, stamp=None):
        for event in self.events:
            name, value = self.reading(event, 0, 0.02)
            runtime, running = int(self.rng.random() * 9e8), "100.00" if self.rng.random() < 0.7 else f"{self.rng.random() * 99:.2f}"
            row = [self.missing(), "", name, "0", "100.00", "", ""]
            if value is not None:
                row = [str(value), "msec" if name == "task-clock" else "", name, str(runtime), running, f"{self.rng.random():.3f}", "M/sec"]
            self.lines.append((f"{stamp:16.9f}{separator}" if stamp else "") + separator.join(row))

    def perf_intervals(self):
        for step in range(1, self.rng.randint(4, 14)):
            self.perf_csv(",", step * 1.0003)

    def perf_json(self):
        for event in self.events:
            name, value = self.reading(event, 0, 0.02)
            printed = self.missing() if value is None else f"{value:.6f}"
            self.lines.append(f'{{"counter-value" : "{printed}", "unit" : "{"msec" if name == "task-clock" else ""}", "event" : "{name}", '
                              f'"event-runtime" : {int(self.rng.random() * 9e8)}, "pcnt-running" : {self.rng.uniform(30, 100):.2f}, '
                              f'"metric-value" : {self.rng.random():.6f}, "metric-unit" : "M/sec"}}')

    def pairs(self, tool, form):
        self.lines += [form.format(*self.reading(event, tool)) for event in self.events]

    def opreport(self, symbols):
        name = self.events[0][1]
        self.lines += ["CPU: Intel Sandy Bridge microarchitecture, speed 3.401e+06 MHz (estimated)",
                       f"Counted {name} events (counted while running) with a unit mask of 0x00 (No unit mask) count 100000"]
        titles = [f"{'samples':<9}{'%':<9}{'image name':<25} symbol name"]
        self.lines += titles if symbols else [f"{name[:16]:>16}|", "  samples|      %|", "-" * 18]
        rows = int(self.rng.triangular(10, 300, 10)) if symbols else self.rng.randint(3, len(IMAGES))
        counts = sorted((round(self.rng.paretovariate(0.8) * 50) for _ in range(rows)), reverse=True)
        for row, count in enumerate(counts):
            percent = 100 * count / sum(counts)
            image = self.rng.choice(IMAGES) if symbols else IMAGES[row]
            symbol = "_".join(self.rng.choices(WORDS, k=3))
            self.lines.append(f"{count:<8} {percent:<8.4f} {image:<25} {symbol}" if symbols else f"{count:9} {percent:7.4f} {image}")
            self.rows.append((name, count))


# weight, tool, ending, writer
FORMATS = [
    (24.5, "perf-6.1.187", "txt", File.perf_text), (10, "perf-6.1.187", "txt", lambda file: file.perf_text(repeat=True)),
    (10, "perf-6.1.187", "txt", lambda file: file.perf_text(multiplexed=True)),
    (10, "perf-3.10.0-327.el7", "txt", lambda file: file.perf_text(old=True)),
    (16, "perf-6.1.187", "csv", lambda file: file.perf_csv(";")), (10, "perf-5.14.0-70.el9", "csv", lambda file: file.perf_csv(",")),
    (1.5, "perf-6.1.187", "csv", File.perf_intervals), (5, "perf-6.1.187", "json", File.perf_json),
    (4, "oprofile-1.4.0", "csv", lambda file: file.pairs(1, "{},{},100.00")),
    (3, "oprofile-1.4.0", "txt", lambda file: file.opreport(False)), (1.5, "oprofile-1.4.0", "txt", lambda file: file.opreport(True)),
    (4.5, "papi-7.1.0", "csv", lambda file: file.pairs(2, "{};{}")),
]


def captured(host, root):
    """What a machine wrote about itself, beside its results."""
    vendor, family, model, stepping = CPUS[host % len(CPUS)]
    cpu = f"vendor_id\t: {vendor}\ncpu family\t: {family}\nmodel\t\t: {model}\nmodel name\t: a CPU\nstepping\t: {stepping}\n"
    (root / "cpuinfo.txt").write_text("".join(f"processor\t: {number}\n{cpu}\n" for number in range(8)))
    for kernel in KERNELS:
        (root / kernel).mkdir(parents=True, exist_ok=True)
        machine = f"Linux {root.name} {kernel}.x86_64 #1 SMP Mon Nov 16 04:12:07 UTC 2026 x86_64 x86_64 x86_64 GNU/Linux\n"
        (root / kernel / "uname.txt").write_text(machine)


def write(out, files):
    """Writes tree and rows; returns the number of rows."""
    ids = [{}, {}, {}, {}]
    weights, numbers, count = [row[0] for row in FORMATS], {}, 0
    out.mkdir(parents=True)
    with open(f"{out}.rows.tsv", "w", encoding="utf-8") as table:
        for position in range(files):
            host = position * HOSTS // files
            root = out / f"node{host:03}.lab"
            if not root.exists():
                root.mkdir()
                captured(host, root)
            rng = random.Random(position)
            _, tool, ending, writer = rng.choices(FORMATS, weights)[0]
            kernel, experiment = rng.choice(KERNELS), rng.choice(WORKS)
            folder = root / kernel / experiment / tool
            numbers[folder] = numbers.get(folder, 0) + 1
            if numbers[folder] == 1:
                folder.mkdir(parents=True)
            file = File(rng, experiment)
            writer(file)
            (folder / f"run-{numbers[folder]}.{ending}").write_text("\n".join(file.lines) + "\n")
            for name, value in file.rows:
                keys = (experiment, tool, f"{host}/{kernel}", name)
                cells = [str(known.setdefault(key, len(known))) for known, key in zip(ids, keys)]
                table.write("\t".join([*cells, "\\N" if value is None else str(float(value)), "\\N", "\\N", str(position)]) + "\n")
            count += len(file.rows)
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder to write; must not exist")
    parser.add_argument("-n", "--files", type=int, default=1000)
    options = parser.parse_args()
    print(f"{options.files} files, {write(options.out, options.files)} rows")


if __name__ == "__main__":
    main()
