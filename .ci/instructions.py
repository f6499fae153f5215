"""How many instructions import and parse take on a small fixed tree, compared with the numbers that are stored.

usage: instructions.py PROGRAM [--store]

Instructions, unlike seconds, hardly depend on what else the machine does. The stored numbers are those of bench/instructions.csv; `--store`
writes them anew, which belongs into the commit that changes them for a reason. More than 5 % above a stored number is said loudly and
fails nothing: whether it is worth it is for people to judge.
"""
import csv
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
STORED = REPOSITORY / "bench" / "instructions.csv"
FILES = 300
MORE = 1.05

sys.path.insert(0, str(REPOSITORY / "bench"))
import tree  # noqa: E402  (the generator of the benchmark)


def instructions(folder, command):
    """Instructions of all threads in user space, by callgrind."""
    out = folder / "callgrind"
    valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--quiet"]
    run = subprocess.run([*valgrind, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=folder, text=True)
    if run.returncode:
        sys.exit(f"{' '.join(map(str, command))}: exit {run.returncode}\n{run.stderr[-2000:]}")
    totals = [line for line in out.read_text().splitlines() if line.startswith(("totals:", "summary:"))]
    return int(totals[-1].split()[1])


def measure(program):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        tree.write(folder / "tree", FILES)
        first = [program, "import", "-q", "tree", "--jobs", "1", "--db", "new.db"]
        return {
            "parse": instructions(folder, [program, "parse", "tree", "--jobs", "1"]),
            "import": instructions(folder, first),
            # Everything is there: what a nightly run pays for what has not changed.
            "import again": instructions(folder, first),
        }


def main():
    program = Path(sys.argv[1]).resolve()
    found = measure(program)
    if "--store" in sys.argv[2:]:
        with open(STORED, "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([("what", "instructions"), *found.items()])
    with open(STORED, encoding="utf-8", newline="") as file:
        stored = {row["what"]: int(row["instructions"]) for row in csv.DictReader(file)}
    worse = []
    for what, count in found.items():
        ratio = count / stored[what] if what in stored else float("nan")
        print(f"{what:<14} {count:>14,} instructions, {ratio:6.3f} of the stored {stored.get(what, 0):,}")
        if not ratio <= MORE:
            worse.append(what)
    if worse:
        print(f"!!! MORE INSTRUCTIONS than stored in bench/instructions.csv, by over 5 %: {', '.join(worse)}")


if __name__ == "__main__":
    main()
