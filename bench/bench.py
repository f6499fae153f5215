#!/usr/bin/env python3
"""Speed and memory of the importer against bare programs ("floors") that read the same tree and store the same rows.

usage: python3 bench/bench.py [--files 10000 100000] [--repeat 5] [--no-postgres] [--workload ../shared/bench] [--program PROGRAM]
                              [--append] [--cold] [--python]

The workload folder holds gen_tree.py (writes a tree of result files), practitioner.py (writes its rows as TSV) and floor/ (a Cargo
package with the floors). Without it the tree is that of bench/tree.py, which has the same shape, and the floors are not measured.
Trees are cached under target/bench; the floors are built there too, outside the repository's own target.

  R  reads every file of the tree and counts lines                      (readfloor)
  S  inserts the rows of the tree into a fresh SQLite file              (sqlitefloor, index in place at the end)
  P  copies them into a private PostgreSQL server, default settings     (pgfloor, binary COPY, index at the end)
  Y  reads and parses without any duty, stores nothing                  (pipefloor, the yardstick)
  K  looks at every file and compares it with a list                    (statfloor check)

With --append also a nightly import of 10,000 files into a database of the tree and into one nine times as large, whose rows are copies under
other ids, paths and digests; with --cold the tree after the caches of the system were dropped (as root), beside readfloor with 16
threads; with --python the script that one would write instead, regular expressions in two processes, which has pandas write a SQLite
database, or writes a TSV file where this Python has no pandas (`pip install pandas`).

Product and floors run in turn, N times each, so that a busy machine hurts all alike. Printed: median, smallest and largest wall time,
CPU time of the process, peak resident memory, and the ratios of medians. For two sizes of tree also the growth of peak memory. A peak
below about 15 MiB reads as that: a child begins as a copy of this program. On a machine that others use, compare CPU times, and
instructions (.ci/instructions.py). Linux only.
"""
import argparse
import contextlib
import importlib.util
import itertools
import multiprocessing
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import tree

REPOSITORY = Path(__file__).resolve().parent.parent
CACHE = REPOSITORY / "target" / "bench"
THREADS = os.cpu_count() or 1


class Measurement:
    """Wall and CPU seconds, and peak resident MiB, of the runs of one program."""

    def __init__(self, name):
        self.name, self.wall, self.cpu, self.peak, self.size = name, [], [], [], 0

    def run(self, command, accepted=(0,), output=os.devnull):
        with open(output, "wb") as out:
            began = time.perf_counter()
            child = subprocess.Popen([str(word) for word in command], stdout=out, stderr=subprocess.PIPE)
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

    @property
    def processor(self):
        """Seconds of CPU; the server's are not among them."""
        return max(statistics.median(self.cpu), 1e-6)

    def line(self):
        return (f"{self.name:<28} {self.median:9.3f} {min(self.wall):9.3f} {max(self.wall):9.3f} "
                f"{self.processor:9.3f} {max(self.peak):9.1f}")


def build_product():
    """Builds the product; returns its path."""
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=REPOSITORY, check=True)
    return Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "release" / "prc-etl"


def build_floors(workload):
    """Builds the floors; returns their folder."""
    # A copy: the workload may be read-only, and Cargo writes its lock file beside the manifest. A workspace of its own: Cargo looks
    # for one in the folders above.
    floor = CACHE / "floor"
    shutil.copytree(workload / "floor", floor, dirs_exist_ok=True)
    manifest = floor / "Cargo.toml"
    manifest.write_text("[workspace]\n" + manifest.read_text())
    # Their SQLite is built as anybody builds it: what .cargo/config.toml asks for reaches this folder too.
    environment = {**os.environ, "CARGO_TARGET_DIR": str(CACHE / "floor-target"), "LIBSQLITE3_FLAGS": ""}
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=floor, env=environment, check=True)
    return CACHE / "floor-target" / "release"


def tree_of(workload, files):
    """The tree of that many files and its rows as TSV, made once."""
    if workload is None:
        made = CACHE / f"own-{files}"
        rows = Path(f"{made}.rows.tsv")
        if not rows.exists():
            shutil.rmtree(made, ignore_errors=True)
            tree.write(CACHE / "partial", files)
            (CACHE / "partial").rename(made)
            (CACHE / "partial.rows.tsv").rename(rows)
        return made, rows
    made, rows = CACHE / f"tree-{files}", CACHE / f"rows-{files}.tsv"
    if not rows.exists():
        shutil.rmtree(made, ignore_errors=True)
        subprocess.run([sys.executable, workload / "gen_tree.py", made, "-n", str(files), "--env"], check=True)
        partial = rows.with_suffix(".partial")
        subprocess.run([sys.executable, workload / "practitioner.py", made, "tsv", partial], check=True)
        partial.rename(rows)
    return made, rows


def night_of(workload):
    """The tree of a night, in a folder of its own: its paths are not those of a larger tree."""
    folder = CACHE / "night"
    if not folder.exists():
        partial = CACHE / "night.partial"
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(tree_of(workload, NIGHT)[0], partial / "night")
        partial.rename(folder)
    return folder


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


# What is measured, by a short name.
NAMES = {
    "R": "R read floor", "S": "S SQLite store floor", "P": "P PostgreSQL store floor", "Y": "Y yardstick, parse only",
    "K": "K look at every file", "sqlite": "prc-etl -> SQLite", "again": "the same, nothing new", "dry": "prc-etl --dry-run",
    "tar": "tar.gz a host -> SQLite", "show": "show results, CSV to a file", "start": "prc-etl --version",
    "postgres": "prc-etl -> PostgreSQL", "night": "10,000 files more", "night9": "the same, database x 9",
    "coldR": "R cold, 16 threads", "cold": "prc-etl -> SQLite, cold",
    "python": "Python, pandas -> SQLite", "python-tsv": "Python script -> TSV",
}

# How many times the database of the tree a large one has, and the files of a night.
TIMES, NIGHT = 9, 10_000


def packed(made):
    """The hosts of a tree as archives of their own, made once."""
    folder = Path(f"{made}.tar")
    if not folder.exists():
        partial = Path(f"{made}.tar.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        for host in sorted(path for path in made.iterdir() if path.is_dir()):
            subprocess.run(["tar", "-C", made, "-czf", partial / f"{host.name}.tar.gz", host.name], check=True)
        partial.rename(folder)
    return folder


def enlarge(source, target):
    """A database with every source and what belongs to it TIMES times, under other ids, paths and digests."""
    shutil.copy(source, target)
    with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as database:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
            database.execute(f"PRAGMA {pragma}")
        most = {name: database.execute(f"SELECT MAX({name}_id) FROM {name}s").fetchone()[0] for name in ("source", "run")}
        database.execute("BEGIN")
        for copy, (table, key) in itertools.product(range(1, TIMES), (("sources", "source"), ("runs", "run"), ("results", "run"),
                                                                     ("entries", "run"))):
            changed = {f"{name}_id": f"{name}_id + {copy * last}" for name, last in most.items()}
            changed |= {"path": f"'copy{copy}/' || path", "digest": "randomblob(16)"}
            names = [column[1] for column in database.execute(f"PRAGMA table_info({table})")]
            database.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(changed.get(n, n) for n in names)} "
                             f"FROM {table} WHERE {key}_id <= {most[key]} ORDER BY 1")
        database.execute("COMMIT")


def append(load, made, night, database, folder):
    """Imports a night into a copy of the database of the tree, and into one of a large one, which is made once."""
    with contextlib.closing(sqlite3.connect(database)) as stored:
        schema = stored.execute("SELECT MAX(version) FROM __diesel_schema_migrations").fetchone()[0]
    # One of another schema would be migrated by each import.
    large, copy = Path(f"{made}.{schema}.large.db"), folder / "copy.db"
    if not large.exists():
        # A process of its own: what this one once needed counts as the peak of each of its children.
        maker = multiprocessing.Process(target=enlarge, args=(database, Path(f"{large}.partial")))
        maker.start()
        maker.join()
        Path(f"{large}.partial").rename(large)
    for key, whole in (("night", database), ("night9", large)):
        shutil.copy(whole, copy)
        # A database that was loaded before tonight is on the disk: a gigabyte on its way there would be measured too.
        os.sync()
        load(key, night, copy)
        remove_database(copy)


def drop_caches():
    """What is on the disk is not in memory after this."""
    os.sync()
    Path("/proc/sys/vm/drop_caches").write_text("3")


def turn(found, product, floors, made, rows, socket, folder, extra):
    """Runs everything once; `extra` names what is asked for beyond the usual."""
    def run(key, *command, **options):
        found.setdefault(key, Measurement(NAMES[key])).run(command, **options)

    def load(key, what, database, *options):
        # 1: the tree holds files whose lines are rejected, which is no failure of the import.
        run(key, product, "import", "-q", what, "--db", database, *options, accepted=(0, 1))

    floor_db, product_db = folder / "floor.db", folder / "product.db"
    if floors:
        run("R", floors / "readfloor", made, THREADS)
        remove_database(floor_db)
        run("S", floors / "sqlitefloor", rows, floor_db, 1, "after", "normal", "wal")
        run("Y", floors / "pipefloor", made, "-", THREADS)
        known = folder / "known"
        if not known.exists():
            subprocess.run([floors / "statfloor", "fill", made, known], check=True, stdout=subprocess.DEVNULL)
        run("K", floors / "statfloor", "check", made, known)
    run("start", product, "--version")
    remove_database(product_db)
    load("sqlite", made, product_db)
    found["sqlite"].size = product_db.stat().st_size
    load("again", made, product_db)
    table = folder / "results.csv"
    run("show", product, "show", "results", "--format", "csv", "--db", product_db, output=table)
    table.unlink()
    if extra.night:
        append(load, made, extra.night, product_db, folder)
    remove_database(product_db)
    load("dry", made, product_db, "--dry-run")
    remove_database(product_db)
    load("tar", packed(made), product_db)
    if extra.python:
        key, kind = ("python", "sqlite") if importlib.util.find_spec("pandas") else ("python-tsv", "tsv")
        run(key, sys.executable, extra.python, made, kind, folder / f"rows.{kind}")
    if extra.cold:
        drop_caches()
        if floors:
            run("coldR", floors / "readfloor", made, 16)
            drop_caches()
        remove_database(product_db)
        load("cold", made, product_db)
    if socket:
        fresh_database(socket, "floor")
        if floors:
            run("P", floors / "pgfloor", f"host={socket} user=postgres dbname=floor", rows, "rawcopy", 1, "after")
        fresh_database(socket, "product")
        load("postgres", made, f"postgres://postgres@{str(socket).replace('/', '%2F')}/product")


def measure(product, floors, made, rows, socket, repeat, extra):
    """Runs everything in turn; returns the measurements by short name."""
    found = {}
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        for _ in range(repeat):
            turn(found, product, floors, made, rows, socket, Path(folder), extra)
    return found


def report(files, rows, found):
    print(f"\n{files} files, {rows} rows, {THREADS} CPUs, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<28} {'median s':>9} {'min s':>9} {'max s':>9} {'CPU s':>9} {'peak MiB':>9}")
    for measurement in found.values():
        print(measurement.line())
    def ratio(name, key, *of):
        if key in found and all(other in found for other in of):
            wall = found[key].median / sum(found[other].median for other in of)
            cpu = found[key].processor / sum(found[other].processor for other in of)
            print(f"{name:<28} {wall:9.2f} wall {cpu:9.2f} CPU")
    ratio("SQLite / (R + S)", "sqlite", "R", "S")
    ratio("PostgreSQL / P", "postgres", "P")
    ratio("dry run / Y", "dry", "Y")
    ratio("nothing new / K", "again", "K")
    ratio("tar.gz / tree", "tar", "sqlite")
    ratio("night, x 9 / x 1", "night9", "night")
    ratio("pandas / prc-etl", "python", "sqlite")
    ratio("Python to TSV / prc-etl", "python-tsv", "sqlite")
    if "cold" in found and "coldR" in found:
        bound = max(found["coldR"].median, found["sqlite"].median)
        print(f"{'cold / max(R cold, warm)':<28} {found['cold'].median / bound:9.2f} wall")
    print(f"{'bytes a row in SQLite':<28} {found['sqlite'].size / rows:9.1f}")
    print(f"{'rows a second of show':<28} {rows / found['show'].median:9.0f} wall {rows / found['show'].processor:9.0f} CPU"
          " (metrics beside counters, which are rows of their own, not counted)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--no-postgres", action="store_true")
    parser.add_argument("--workload", type=Path, default=REPOSITORY.parent / "shared" / "bench")
    parser.add_argument("--append", action="store_true")
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--python", action="store_true")
    parser.add_argument("--program", type=Path, help="measure this program and build none")
    options = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    workload, floors = options.workload, None
    if (workload / "gen_tree.py").is_file():
        floors = build_floors(workload)
    else:
        print(f"no workload at {workload}: a tree of bench/tree.py, and no floors", file=sys.stderr)
        workload = None
    product = options.program.resolve() if options.program else build_product()
    peaks = {}
    with contextlib.nullcontext() if options.no_postgres else postgres_server() as socket:
        if socket is None and not options.no_postgres:
            print("no PostgreSQL on this machine: that half is not measured", file=sys.stderr)
        for files in options.files:
            made, rows = tree_of(workload, files)
            script = workload / "practitioner.py" if options.python and workload else None
            night = night_of(workload) if options.append else None
            extra = argparse.Namespace(night=night, cold=options.cold, python=script)
            found = measure(product, floors, made, rows, socket, options.repeat, extra)
            with open(rows, "rb") as table:
                report(files, sum(1 for _ in table), found)
            peaks[files] = {key: max(found[key].peak) for key in found if key in ("sqlite", "postgres")}
    if len(peaks) > 1:
        small, large = min(peaks), max(peaks)
        for store in peaks[small]:
            print(f"peak memory {store}: {peaks[small][store]:.1f} MiB with {small} files, {peaks[large][store]:.1f} MiB with {large}")


if __name__ == "__main__":
    main()
