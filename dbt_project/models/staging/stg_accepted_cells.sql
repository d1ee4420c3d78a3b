select
    report_version_id,
    cell_code,
    table_code,
    line_code,
    column_code,
    edition,
    value,
    unit,
    state,
    printed_text,
    place
from {{ source('lake', 'accepted_cells') }}
