"""Placing: printed rows onto the lines and columns of the form, by label and order.

Belongs here: normalising and scoring labels, the monotone alignment, the placing of each table.
Does not: reading of documents (readers, layouts), meaning of the figures (assets/normalizing).
"""
