"""The layout `bar_at_row_end`: see layout.py."""
