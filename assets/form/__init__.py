"""The national form as data: editions, tables, lines, columns, cells.

Belongs here: the YAML of the form and the one reader of it (`cells`).
Does not: how a report prints the form (assets/parsing), rules over it (expectations).
"""
