"""The layout `tab_rows`: see layout.py."""
