-- Table 4: report x forum x result. Only tables that the gate published; NULL is never 0.
{{ facts_of('reconsideration_litigation', line='forum_code', column='result_code') }}
