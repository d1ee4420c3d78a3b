"""What becomes of a table that breaks a rule.

Belongs here: the gate's assets; later localization, review cases, decisions. Does not: the rules (expectations/).
"""
