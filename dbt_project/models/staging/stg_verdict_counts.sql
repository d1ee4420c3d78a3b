select
    report_version_id,
    rule,
    table_code,
    holds,
    breaks,
    unknown
from {{ source('lake', 'verdict_counts') }}
