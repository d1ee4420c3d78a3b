select
    report_version_id,
    rule,
    table_code,
    holds,
    breaks,
    unknown,
    parse_filename(filename, true) as report_year_partition
from {{ source('lake', 'verdict_counts') }}
