"""The layout `cell_per_line`: see layout.py."""
