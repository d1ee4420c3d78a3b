"""From printed cells and prose to facts: values with states, organ, year, dates, each with its evidence.

Belongs here: the meaning of what was read. Does not: reading and placing (assets/parsing), rules (expectations).
"""
