-- Every table that is held back: whose, why, whose fault, and the repair that would make its sums hold (a proposal).
select
    held.report_version_id || '.' || held.table_code as held_table_id,
    held.report_version_id,
    held.table_code,
    report.document_id,
    report.file_name,
    report.organ_id,
    report.organ_name,
    report.territory_code,
    report.scope,
    report.report_year,
    version.is_current,
    report.first_seen as held_since,
    held.rules,
    cast(held.reason_count as integer) as reason_count,
    held.summary_zh,
    held.summary_en,
    layout.layout,
    held.signature,
    held.verdict,
    held.verdict_reasons_zh,
    held.verdict_reasons_en,
    held.best_repair_zh,
    held.best_repair_en
from {{ ref('stg_quarantined_tables') }} as held
inner join {{ ref('dim_report') }} as report on report.report_version_id = held.report_version_id
inner join {{ ref('report_versions') }} as version on version.report_version_id = held.report_version_id
left join {{ ref('stg_layouts') }} as layout
    on layout.report_version_id = held.report_version_id and layout.table_code = held.table_code
