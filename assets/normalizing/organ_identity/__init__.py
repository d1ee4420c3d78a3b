"""Whose report it is: the organ with its territory, type, level and scope, found by evidence."""
