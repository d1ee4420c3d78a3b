-- Table 3: report x line x applicant. Only tables that the gate published; NULL is never 0.
{{ facts_of('requests', column='applicant_code') }}
