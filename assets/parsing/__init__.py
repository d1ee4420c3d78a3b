"""From bytes to printed cells, each with its place in the document and in the form.

Belongs here: readers (bytes to pages), layouts (how a table is set), placing (printed rows to cells of the form).
Does not: meaning of numbers, organs and dates (assets/normalizing), rules (expectations).
"""
