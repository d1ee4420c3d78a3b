"""The layout `paragraph_cells`: see layout.py."""
