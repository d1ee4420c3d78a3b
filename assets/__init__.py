"""What each link of the chain computes, one folder per stage.

Belongs here: pure functions from bytes to facts, and in each stage one `asset.py` that hands them to Dagster.
Does not: schedules, jobs and resources (orchestration/), rules (expectations/), SQL (dbt_project/).
"""
