"""The tests of gongkai: unit and contract (seconds, no Dagster), pipeline (the real graph), documents, typesetting."""
