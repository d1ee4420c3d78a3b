-- How often each rule holds, breaks and is unknown, by year, province and layout. Of all report versions.
with provinces as (
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
    cast(sum(judged.reports) as bigint) as reports,
    cast(sum(judged.holds) as bigint) as holds,
    cast(sum(judged.breaks) as bigint) as breaks,
    cast(sum(judged.unknown) as bigint) as unknown,
    cast(sum(judged.breaks) as double) / nullif(cast(sum(judged.holds + judged.breaks) as double), 0) as break_rate
from {{ ref('verdict_sums') }} as judged
left join {{ ref('dim_rule') }} as rule on rule.rule = judged.rule
left join provinces on provinces.code = judged.province_code
group by judged.rule, judged.table_code, judged.report_year, judged.province_code, judged.layout
