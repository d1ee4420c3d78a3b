-- What people have to look at: every error and warning that breaks, with its place and what is known of the table.
select
    breaks.finding_id,
    breaks.rule,
    breaks.rule_zh,
    breaks.rule_en,
    breaks.severity,
    breaks.report_version_id,
    report.organ_name,
    report.report_year,
    breaks.table_code,
    breaks.table_zh,
    breaks.table_en,
    breaks.line_zh,
    breaks.line_en,
    breaks.column_zh,
    breaks.column_en,
    breaks.scope,
    breaks.value,
    breaks.expected,
    breaks.difference,
    breaks.message_zh,
    breaks.message_en,
    breaks.related,
    list_filter(list_transform(breaks.cells, lambda cell: cell.place), lambda place: place is not null)[1] as place,
    breaks.cells,
    breaks.document_id,
    document.file_name,
    held.verdict,
    held.verdict_reasons_zh,
    held.verdict_reasons_en,
    held.best_repair_zh,
    held.best_repair_en,
    breaks.report_year_partition
from {{ ref('stg_breaks') }} as breaks
left join {{ ref('dim_report') }} as report on report.report_version_id = breaks.report_version_id
left join {{ ref('stg_documents') }} as document on document.document_id = breaks.document_id
left join {{ ref('stg_quarantined_tables') }} as held
    on held.report_version_id = breaks.report_version_id and held.table_code = breaks.table_code
where {{ is_rebuilt('breaks.report_year_partition') }}
