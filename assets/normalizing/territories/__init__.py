"""The territories of the country with their history: codes, names, parents, and which became which."""
