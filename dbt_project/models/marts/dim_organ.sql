-- One row per organ that a report was resolved to. Its id stays when its name is written otherwise or its territory is
-- renamed, upgraded or recoded; name and codes are those of the newest report year.
with resolved as (
    select organ.*, report.report_year
    from {{ ref('stg_organs') }} as organ
    inner join {{ ref('stg_reports') }} as report on report.report_version_id = organ.report_version_id
    where organ.state = 'resolved'
),

newest as (
    select *
    from resolved
    qualify row_number() over (partition by organ_id order by report_year desc nulls last, report_version_id) = 1
),

years as (
    select
        organ_id,
        min(report_year) as first_report_year,
        max(report_year) as last_report_year,
        count(*) as report_versions
    from resolved
    group by organ_id
)

select
    newest.organ_id,
    newest.organ_name,
    newest.own_name,
    newest.organ_type,
    newest.level,
    newest.territory_code,
    newest.town_code,
    split_part(newest.organ_id, '-', 1) as first_territory_code,
    years.first_report_year,
    years.last_report_year,
    years.report_versions
from newest
inner join years on years.organ_id = newest.organ_id
