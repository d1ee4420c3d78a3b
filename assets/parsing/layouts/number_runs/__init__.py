"""The layout `number_runs`: see layout.py."""
