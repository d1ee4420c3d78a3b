"""From an inbox folder and paths to bytes in the archive and one ledger row per document.

Belongs here: finding documents, archiving their bytes, recording them once.
Does not: understanding a document (assets/parsing, assets/normalizing).
"""
