"""The query of examples/large_cohort by polars from PyPI: python3 polars_query.py FILE [--moments]"""
import resource
import sys
import time

import polars as pl

MEASURES = ["odi", "ndi", "eq_vas", "pain_back", "pain_leg", "eq5d"]
started = time.perf_counter()
aggregates = []
for m in MEASURES:
    c = pl.col(m)
    aggregates += [c.count().alias(f"{m}_n"), c.null_count().alias(f"{m}_missing"), c.mean().alias(f"{m}_mean"),
                   c.std().alias(f"{m}_sd")]
    if "--moments" not in sys.argv:
        aggregates += [c.median().alias(f"{m}_median"), c.quantile(0.25, "linear").alias(f"{m}_q1"),
                       c.quantile(0.75, "linear").alias(f"{m}_q3")]
query = pl.scan_parquet(sys.argv[1]).group_by("hospital", "procedure", "sex", "year").agg(aggregates)
groups = query.collect(engine="streaming" if "--moments" in sys.argv else "in-memory")
seconds = time.perf_counter() - started
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
print(f"polars {pl.__version__}: {groups.height} groups in {seconds:.3f} s, highest memory {memory} MB")
if "--moments" not in sys.argv:
    print(f"sum of all medians {sum(groups[f'{m}_median'].sum() for m in MEASURES):.3f}")
