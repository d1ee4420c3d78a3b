select
    report_version_id,
    rule,
    scope,
    table_code,
    verdict,
    severity
from {{ source('lake', 'findings') }}
