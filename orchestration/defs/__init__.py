"""Empty: `dg check defs` wants this folder. Definitions are put together in orchestration/definitions.py."""
