-- How often each rule holds, breaks and is unknown, by year, province and layout. Of all report versions.
with judged as (
    select
        verdict.rule,
        verdict.table_code,
        coalesce(cast(report.report_year as varchar), 'unknown') as report_year,
        coalesce(left(report.territory_code, 2) || '0000', 'unknown') as province_code,
        coalesce(layout.layout, case when verdict.table_code = 'document' then 'document' else 'unknown' end) as layout,
        verdict.report_version_id,
        verdict.holds,
        verdict.breaks,
        verdict.unknown
    from {{ ref('stg_verdict_counts') }} as verdict
    left join {{ ref('dim_report') }} as report on report.report_version_id = verdict.report_version_id
    left join {{ ref('stg_layouts') }} as layout
        on layout.report_version_id = verdict.report_version_id and layout.table_code = verdict.table_code
),

provinces as (
    select code, any_value(name) as name
    from {{ ref('dim_territory') }}
    where level = 'province' and valid_to is null
    group by code
)

select
    judged.rule,
    any_value(rule.rule_zh) as rule_zh,
    any_value(rule.rule_en) as rule_en,
    any_value(rule.severity) as severity,
    judged.table_code,
    judged.report_year,
    judged.province_code,
    any_value(provinces.name) as province_name,
    judged.layout,
    count(distinct judged.report_version_id) as reports,
    cast(sum(judged.holds) as bigint) as holds,
    cast(sum(judged.breaks) as bigint) as breaks,
    cast(sum(judged.unknown) as bigint) as unknown,
    cast(sum(judged.breaks) as double) / nullif(cast(sum(judged.holds + judged.breaks) as double), 0) as break_rate
from judged
left join {{ ref('dim_rule') }} as rule on rule.rule = judged.rule
left join provinces on provinces.code = judged.province_code
group by judged.rule, judged.table_code, judged.report_year, judged.province_code, judged.layout
