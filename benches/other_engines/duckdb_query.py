"""The query of examples/large_cohort by DuckDB from PyPI: python3 duckdb_query.py FILE [--moments|--patients]"""
import resource
import sys
import time

import duckdb

MEASURES = ["odi", "ndi", "eq_vas", "pain_back", "pain_leg", "eq5d"]
started = time.perf_counter()
columns = []
for m in MEASURES:
    columns += [f"count({m})", f"count(*) - count({m})", f"avg({m})", f"stddev_samp({m})"]
    if "--moments" not in sys.argv:
        columns += [f"quantile_cont({m}, [0.25, 0.5, 0.75]) AS {m}_quartiles"]
if "--patients" in sys.argv:
    columns.append("count(DISTINCT patient_key)")
keys = "hospital, procedure, sex, year"
query = f"SELECT {keys}, {', '.join(columns)} FROM read_parquet('{sys.argv[1]}') GROUP BY {keys}"
groups = duckdb.sql(query).fetchall()
seconds = time.perf_counter() - started
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
print(f"DuckDB {duckdb.__version__}: {len(groups)} groups in {seconds:.3f} s, highest memory {memory} MB")
if "--moments" not in sys.argv:
    total = sum(field[1] for row in groups for field in row if isinstance(field, (list, tuple)) and field[1] is not None)
    print(f"sum of all medians {total:.3f}")
