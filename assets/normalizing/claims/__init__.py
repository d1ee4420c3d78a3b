"""Claims: what the prose of a report says of the figures in its tables.

Belongs here: finding every statement of a count, a share, a sum or a fee. Does not: any verdict (rules N01 to N14).
"""
