select
    report_version_id,
    document_id,
    table_code,
    array_to_string(reasons, '; ') as rules,
    reason_count,
    summary_zh,
    summary_en
from {{ source('lake', 'quarantined_tables') }}
