"""Times the query of examples/large_cohort by registat, polars and DuckDB in turn on the same files:
python3 compare.py EXAMPLE FILE... [> runs.csv]

EXAMPLE is the example's binary. Prints engine, rows, seconds and highest megabytes of each of five runs."""
import pathlib
import re
import subprocess
import sys

RUNS = 5
here = pathlib.Path(__file__).parent
example, files = sys.argv[1], sys.argv[2:]


def run(command):
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds = re.findall(r"groups in ([0-9.]+) s", printed)[0]
    megabytes = re.findall(r"highest memory ([0-9]+) MB", printed)[-1]
    return printed, seconds, megabytes


print("engine;rows;seconds;megabytes")
for file in files:
    for _ in range(RUNS):
        printed, seconds, megabytes = run([example, "--file", file])
        rows = re.findall(r"registat: ([0-9]+) rows", printed)[0]
        print(f"registat;{rows};{seconds};{megabytes}", flush=True)
        for engine in ["polars", "DuckDB"]:
            script = here / f"{engine.lower()}_query.py"
            _, seconds, megabytes = run([sys.executable, script, file])
            print(f"{engine};{rows};{seconds};{megabytes}", flush=True)
