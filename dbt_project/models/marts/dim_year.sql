-- The report years since reports exist, with the breaks of series that begin in each.
with years as (
    select cast(unnest(range(
        2008, 1 + greatest(
            (select max(first_report_year) from {{ ref('stg_series_breaks') }}),
            coalesce((select max(report_year) from {{ ref('dim_report') }}), 0)
        )
    )) as integer) as report_year
),

breaks as (
    select distinct series_break, first_report_year, reason_zh, reason_en
    from {{ ref('stg_series_breaks') }}
)

select
    years.report_year,
    make_date(years.report_year, 1, 1) as period_start,
    make_date(years.report_year, 12, 31) as period_end,
    string_agg(breaks.series_break, ',' order by breaks.series_break) as series_break,
    string_agg(breaks.reason_zh, '；' order by breaks.series_break) as reason_zh,
    string_agg(breaks.reason_en, '; ' order by breaks.series_break) as reason_en
from years
left join breaks on breaks.first_report_year = years.report_year
group by years.report_year
