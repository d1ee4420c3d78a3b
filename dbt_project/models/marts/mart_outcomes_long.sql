-- For plotting: organ, year, scope and outcome. The outcomes are the 19 that both editions share; the three lines of other
-- handling that the 2021 edition prints are added up, as 2019 prints them.
select
    organ.report_version_id,
    organ.organ_id,
    organ.organ_name,
    organ.territory_code,
    organ.organ_type,
    organ.level,
    organ.scope,
    organ.report_year,
    organ.series_break,
    case when cell.parent_line_code = 'outcome_total' then cell.line_code else cell.parent_line_code end
        as outcome_group,
    outcomes.outcome_code,
    cell.line_zh as outcome_zh,
    cell.line_en as outcome_en,
    cell.form_order as outcome_order,
    cast(outcomes.value as bigint) as requests,
    organ.outcome_total,
    cast(outcomes.value as double) / nullif(cast(organ.outcome_total as double), 0) as share
from {{ ref('outcomes') }} as outcomes
inner join {{ ref('mart_organ_year') }} as organ on organ.report_version_id = outcomes.report_version_id
inner join {{ ref('dim_cell') }} as cell on cell.cell_code = 'requests.' || outcomes.outcome_code || '.total'
