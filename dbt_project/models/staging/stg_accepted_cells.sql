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
    place,
    parse_filename(filename, true) as report_year_partition
from {{ source('lake', 'accepted_cells') }}
