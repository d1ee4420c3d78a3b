-- Table 2: report x line x column. Only tables that the gate published; NULL is never 0.
{{ facts_of('proactive_disclosure') }}
