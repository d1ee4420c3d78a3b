select
    report_version_id,
    rule,
    scope,
    table_code,
    verdict,
    severity,
    parse_filename(filename, true) as report_year_partition
from {{ source('lake', 'findings') }}
