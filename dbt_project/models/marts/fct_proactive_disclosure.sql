-- Table 2: report x line x column. Only tables that the gate published; NULL is never 0.
select
    report_version_id,
    cell_code,
    line_code,
    column_code,
    value,
    unit,
    state,
    edition,
    printed_text,
    place
from {{ ref('stg_accepted_cells') }}
where table_code = 'proactive_disclosure'
