"""The rules: what a report must satisfy, who judges it, and what follows from the verdict.

Belongs here: the registry (identities/), its evaluation in polars, the gate, the Great Expectations suites made
from the registry, the conservation check, the page that documents the rules.
Does not: reading of documents (assets/parsing), Dagster steps (asset.py files), SQL (dbt_project).
"""
