select
    report_version_id,
    document_id,
    table_code,
    array_to_string(reasons, '; ') as rules,
    reason_count,
    summary_zh,
    summary_en,
    signature,
    verdict,
    verdict_reasons_zh,
    verdict_reasons_en,
    best_repair_zh,
    best_repair_en
from {{ source('lake', 'quarantined_tables') }}
