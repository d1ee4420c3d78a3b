"""Tells Dagster what runs when.

Belongs here: definitions, jobs, schedules, checks, the IO manager and the command line. Does not: any computation.
"""
