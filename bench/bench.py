#!/usr/bin/env python3
"""Speed and memory of the importer against bare programs ("floors") that read the same tree and store the same rows.

usage: python3 bench/bench.py [--files 10000 100000] [--repeat 5] [--no-postgres] [--workload ../shared/bench]

The workload folder holds gen_tree.py (writes a tree of result files), practitioner.py (writes its rows as TSV) and floor/ (a Cargo
package with the floors). Trees are cached under target/bench; the floors are built there too, outside the repository's own target.

  R  reads every file of the tree and counts lines                      (readfloor)
  S  inserts the rows of the tree into a fresh SQLite file              (sqlitefloor, index in place at the end)
  P  copies them into a private PostgreSQL server, default settings     (pgfloor, binary COPY, index at the end)

Product and floors run in turn, N times each, so that a busy machine hurts all alike. Printed: median, smallest and largest wall time,
CPU time of the process, peak resident memory, and the ratio of the medians product / (R + S) and product / P. For two sizes of tree
also the growth of peak memory. A peak below about 15 MiB reads as that: a child begins as a copy of this program. Linux only.
"""
import argparse
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
CACHE = REPOSITORY / "target" / "bench"
THREADS = os.cpu_count() or 1


class Measurement:
    """Wall and CPU seconds, and peak resident MiB, of the runs of one program."""

    def __init__(self, name):
        self.name, self.wall, self.cpu, self.peak = name, [], [], []

    def run(self, command, accepted=(0,)):
        began = time.perf_counter()
        child = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        complaint = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        self.wall.append(time.perf_counter() - began)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in accepted:
            sys.exit(f"{self.name}: exit {child.returncode}: {complaint.decode(errors='replace')[-2000:]}")
        self.cpu.append(usage.ru_utime + usage.ru_stime)
        self.peak.append(usage.ru_maxrss / 1024)

    @property
    def median(self):
        return statistics.median(self.wall)

    def line(self):
        return (f"{self.name:<28} {self.median:9.3f} {min(self.wall):9.3f} {max(self.wall):9.3f} "
                f"{statistics.median(self.cpu):9.3f} {max(self.peak):9.1f}")


def build(workload):
    """Builds product and floors; returns the path of the product and the folder of the floors."""
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=REPOSITORY, check=True)
    # A copy: the workload may be read-only, and Cargo writes its lock file beside the manifest. A workspace of its own: Cargo looks
    # for one in the folders above.
    floor = CACHE / "floor"
    shutil.copytree(workload / "floor", floor, dirs_exist_ok=True)
    manifest = floor / "Cargo.toml"
    manifest.write_text("[workspace]\n" + manifest.read_text())
    environment = {**os.environ, "CARGO_TARGET_DIR": str(CACHE / "floor-target")}
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=floor, env=environment, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    return target / "release" / "prc-etl", CACHE / "floor-target" / "release"


def tree_of(workload, files):
    """The tree of that many files and its rows as TSV, made once."""
    tree, rows = CACHE / f"tree-{files}", CACHE / f"rows-{files}.tsv"
    if not rows.exists():
        shutil.rmtree(tree, ignore_errors=True)
        subprocess.run([sys.executable, workload / "gen_tree.py", tree, "-n", str(files), "--env"], check=True)
        partial = rows.with_suffix(".partial")
        subprocess.run([sys.executable, workload / "practitioner.py", tree, "tsv", partial], check=True)
        partial.rename(rows)
    return tree, rows


def postgres_binaries():
    """The folder of initdb and postgres, or None."""
    candidates = [Path(path) for path in os.environ.get("PATH", "").split(":")]
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((path for path in candidates if (path / "initdb").is_file() and (path / "postgres").is_file()), None)


@contextlib.contextmanager
def postgres_server():
    """A private server with default settings on a socket in a temporary folder; yields the folder, or None without PostgreSQL."""
    binaries = postgres_binaries()
    if binaries is None:
        yield None
        return
    # The server refuses to run as root.
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="prc-etl-bench."))
    if user:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    server = None
    try:
        subprocess.run([*user, binaries / "initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-D", data],
                       check=True, **quiet)
        server = subprocess.Popen([*user, binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses="], **quiet)
        for _ in range(300):
            pid_file = data / "postmaster.pid"
            if pid_file.exists() and "ready" in pid_file.read_text():
                break
            time.sleep(0.1)
        else:
            sys.exit("the PostgreSQL server did not start")
        yield folder
    finally:
        if server:
            server.terminate()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def fresh_database(socket, name):
    """Drops and makes a database of the private server."""
    for statement in (f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}"):
        subprocess.run(["psql", "-q", "-h", socket, "-U", "postgres", "-d", "postgres", "-c", statement], check=True,
                       stderr=subprocess.DEVNULL)


def remove_database(path):
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(str(path) + suffix).unlink(missing_ok=True)


def measure(product, floors, tree, rows, socket, repeat):
    """Runs everything in turn; returns the measurements by short name."""
    names = {"R": "R read floor", "S": "S SQLite store floor", "sqlite": "prc-etl -> SQLite"}
    if socket:
        names |= {"P": "P PostgreSQL store floor", "postgres": "prc-etl -> PostgreSQL"}
    found = {key: Measurement(name) for key, name in names.items()}
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        floor_db, product_db = Path(folder) / "floor.db", Path(folder) / "product.db"
        for _ in range(repeat):
            found["R"].run([floors / "readfloor", tree, THREADS])
            remove_database(floor_db)
            found["S"].run([floors / "sqlitefloor", rows, floor_db, 1, "after", "normal", "wal"])
            remove_database(product_db)
            # 1: the tree holds files whose lines are rejected, which is no failure of the import.
            found["sqlite"].run([product, "import", "-q", tree, "--db", product_db], accepted=(0, 1))
            if socket:
                fresh_database(socket, "floor")
                found["P"].run([floors / "pgfloor", f"host={socket} user=postgres dbname=floor", rows, "rawcopy", 1, "after"])
                fresh_database(socket, "product")
                url = f"postgres://postgres@{str(socket).replace('/', '%2F')}/product"
                found["postgres"].run([product, "import", "-q", tree, "--db", url], accepted=(0, 1))
    return found


def report(files, found):
    print(f"\n{files} files, {THREADS} CPUs, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<28} {'median s':>9} {'min s':>9} {'max s':>9} {'CPU s':>9} {'peak MiB':>9}")
    for measurement in found.values():
        print(measurement.line())
    print(f"SQLite     / (R + S) = {found['sqlite'].median / (found['R'].median + found['S'].median):.2f}")
    if "postgres" in found:
        print(f"PostgreSQL / P       = {found['postgres'].median / found['P'].median:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--no-postgres", action="store_true")
    parser.add_argument("--workload", type=Path, default=REPOSITORY.parent / "shared" / "bench")
    options = parser.parse_args()
    if not (options.workload / "gen_tree.py").is_file():
        sys.exit(f"no workload at {options.workload}; name its folder with --workload")
    CACHE.mkdir(parents=True, exist_ok=True)
    product, floors = build(options.workload)
    peaks = {}
    with contextlib.nullcontext() if options.no_postgres else postgres_server() as socket:
        if socket is None and not options.no_postgres:
            print("no PostgreSQL on this machine: that half is not measured", file=sys.stderr)
        for files in options.files:
            found = measure(product, floors, *tree_of(options.workload, files), socket, options.repeat)
            report(files, found)
            peaks[files] = {key: max(found[key].peak) for key in found if key in ("sqlite", "postgres")}
    if len(peaks) > 1:
        small, large = min(peaks), max(peaks)
        for store in peaks[small]:
            print(f"peak memory {store}: {peaks[small][store]:.1f} MiB with {small} files, {peaks[large][store]:.1f} MiB with {large}")


if __name__ == "__main__":
    main()
