-- Table 3: report x line x applicant. Only tables that the gate published; NULL is never 0.
select
    report_version_id,
    cell_code,
    line_code,
    column_code as applicant_code,
    value,
    unit,
    state,
    edition,
    printed_text,
    place
from {{ ref('stg_accepted_cells') }}
where table_code = 'requests'
