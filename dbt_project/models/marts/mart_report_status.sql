-- Every document appears: a refused one as one row, a report as one row and one more for each of its tables.
with warnings as (
    select report_version_id, table_code, count(*) as warning_count
    from {{ ref('stg_findings') }}
    where severity = 'warning' and {{ is_rebuilt() }}
    group by report_version_id, table_code
),

form_tables as (
    select table_code, min(form_order) as form_order, min(table_zh) as table_zh, min(table_en) as table_en
    from {{ ref('dim_cell') }}
    group by table_code
),

table_rows as (
    select
        states.report_version_id,
        states.table_code,
        form_tables.form_order,
        form_tables.table_zh,
        form_tables.table_en,
        states.state as status,
        case states.state
            when 'published' then '没有违反必须成立的规则'
            when 'missing' then '文件中没有这张表的数值行'
            when 'quarantined' then quarantined.summary_zh
        end as reason_zh,
        case states.state
            when 'published' then 'no rule that must hold is broken'
            when 'missing' then 'the document has no row of values for this table'
            when 'quarantined' then quarantined.summary_en
        end as reason_en,
        quarantined.rules,
        coalesce(quarantined.reason_count, 0) as reason_count,
        coalesce(warnings.warning_count, 0) as warning_count,
        states.report_year_partition
    from {{ ref('stg_table_states') }} as states
    inner join form_tables on form_tables.table_code = states.table_code
    left join {{ ref('stg_quarantined_tables') }} as quarantined
        on quarantined.report_version_id = states.report_version_id and quarantined.table_code = states.table_code
    left join warnings
        on warnings.report_version_id = states.report_version_id and warnings.table_code = states.table_code
    where {{ is_rebuilt('states.report_year_partition') }}
),

report_reasons as (
    select
        report_version_id,
        string_agg(table_zh || '：' || reason_zh, '；' order by form_order)
            filter (where status <> 'published') as reason_zh,
        string_agg(table_en || ': ' || reason_en, '; ' order by form_order)
            filter (where status <> 'published') as reason_en,
        string_agg(rules, '; ' order by form_order) as rules,
        sum(reason_count) as reason_count
    from table_rows
    group by report_version_id
),

report_warnings as (
    select report_version_id, sum(warning_count) as warning_count
    from warnings
    group by report_version_id
),

refused as (
    select
        parsed.document_id as subject_id,
        'document' as subject,
        parsed.document_id,
        null as report_version_id,
        null as table_code,
        'refused' as status,
        concat_ws('：', coalesce(kinds.refusal_zh, parsed.refusal_kind), nullif(parsed.refusal_detail, '')) as reason_zh,
        concat_ws(': ', coalesce(kinds.refusal_en, parsed.refusal_kind), nullif(parsed.refusal_detail, '')) as reason_en,
        parsed.refusal_kind,
        null as rules,
        0 as reason_count,
        0 as warning_count,
        parsed.report_year_partition
    from {{ ref('stg_parsed_documents') }} as parsed
    left join {{ ref('stg_refusal_kinds') }} as kinds on kinds.refusal_kind = parsed.refusal_kind
    where parsed.state = 'refused' and {{ is_rebuilt('parsed.report_year_partition') }}
),

reports as (
    select
        report.report_version_id as subject_id,
        'report' as subject,
        report.document_id,
        report.report_version_id,
        null as table_code,
        report.status,
        coalesce(reasons.reason_zh, '三张表均没有违反必须成立的规则') as reason_zh,
        coalesce(reasons.reason_en, 'no rule that must hold is broken in any of the three tables') as reason_en,
        null as refusal_kind,
        reasons.rules,
        coalesce(reasons.reason_count, 0) as reason_count,
        coalesce(report_warnings.warning_count, 0) as warning_count,
        report.report_year_partition
    from {{ ref('dim_report') }} as report
    left join report_reasons as reasons on reasons.report_version_id = report.report_version_id
    left join report_warnings on report_warnings.report_version_id = report.report_version_id
    where {{ is_rebuilt('report.report_year_partition') }}
),

tables as (
    select
        report.report_version_id || '.' || table_rows.table_code as subject_id,
        'table' as subject,
        report.document_id,
        report.report_version_id,
        table_rows.table_code,
        table_rows.status,
        table_rows.reason_zh,
        table_rows.reason_en,
        null as refusal_kind,
        table_rows.rules,
        table_rows.reason_count,
        table_rows.warning_count,
        table_rows.report_year_partition
    from table_rows
    inner join {{ ref('dim_report') }} as report on report.report_version_id = table_rows.report_version_id
),

subjects as (
    select * from refused
    union all by name
    select * from reports
    union all by name
    select * from tables
)

select
    subjects.subject_id,
    subjects.subject,
    subjects.document_id,
    document.file_name,
    subjects.report_version_id,
    report.organ_name,
    report.report_year,
    subjects.table_code,
    subjects.status,
    subjects.reason_zh,
    subjects.reason_en,
    subjects.refusal_kind,
    subjects.rules,
    cast(subjects.reason_count as integer) as reason_count,
    cast(subjects.warning_count as integer) as warning_count,
    subjects.report_year_partition
from subjects
left join {{ ref('stg_documents') }} as document on document.document_id = subjects.document_id
left join {{ ref('dim_report') }} as report on report.report_version_id = subjects.report_version_id
