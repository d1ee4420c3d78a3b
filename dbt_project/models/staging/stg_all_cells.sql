select
    report_version_id,
    cell_code,
    "value",
    parse_filename(filename, true) as report_year_partition
from {{ source('lake', 'cells') }}
