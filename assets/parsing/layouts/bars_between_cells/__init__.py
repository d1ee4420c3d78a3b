"""The layout `bars_between_cells`: see layout.py."""
