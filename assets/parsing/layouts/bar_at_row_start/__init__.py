"""The layout `bar_at_row_start`: see layout.py."""
