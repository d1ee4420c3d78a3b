select
    report_version_id,
    table_code,
    edition,
    state,
    parse_filename(filename, true) as report_year_partition
from {{ source('lake', 'table_states') }}
