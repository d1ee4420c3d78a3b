"""From accepted cells to published tables: what dbt needs, what dbt builds, and its publication.

Belongs here: the reference tables dbt reads, how dbt is called, snapshots and the pointer to the newest.
Does not: SQL and its tests (dbt_project/), rules (expectations/), when anything runs (orchestration/).
"""
