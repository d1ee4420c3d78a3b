-- Table 4: report x forum x result. Only tables that the gate published; NULL is never 0.
select
    report_version_id,
    cell_code,
    line_code as forum_code,
    column_code as result_code,
    value,
    unit,
    state,
    edition,
    printed_text,
    place
from {{ ref('stg_accepted_cells') }}
where table_code = 'reconsideration_litigation'
