"""The layout `all_in_one_line`: see layout.py."""
