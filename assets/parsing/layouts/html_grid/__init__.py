"""The layout `html_grid`: see layout.py."""
