"""The layout `cell_lines_unmarked`: see layout.py."""
