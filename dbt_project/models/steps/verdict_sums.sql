-- The verdicts of each partition added up by rule, table, year, province and layout. A report has one row per rule and
-- table: its rows of one sum are its reports.
with judged as (
    select
        verdict.rule,
        verdict.table_code,
        coalesce(cast(report.report_year as varchar), 'unknown') as report_year,
        coalesce(left(report.territory_code, 2) || '0000', 'unknown') as province_code,
        coalesce(layout.layout, case when verdict.table_code = 'document' then 'document' else 'unknown' end) as layout,
        verdict.report_year_partition,
        verdict.holds,
        verdict.breaks,
        verdict.unknown
    from {{ ref('stg_verdict_counts') }} as verdict
    left join {{ ref('dim_report') }} as report on report.report_version_id = verdict.report_version_id
    left join {{ ref('stg_layouts') }} as layout
        on layout.report_version_id = verdict.report_version_id and layout.table_code = verdict.table_code
    where {{ is_rebuilt('verdict.report_year_partition') }}
)

select
    rule,
    table_code,
    report_year,
    province_code,
    layout,
    report_year_partition,
    count(*) as reports,
    cast(sum(holds) as bigint) as holds,
    cast(sum(breaks) as bigint) as breaks,
    cast(sum(unknown) as bigint) as unknown
from judged
group by all
