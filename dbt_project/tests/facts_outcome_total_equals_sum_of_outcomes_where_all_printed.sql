{{ config(meta={
    'description': '各列：各项办理结果之和等于总计（R02）。 In every column the outcomes add up to the outcome total.',
    'dagster': {'ref': {'name': 'fct_requests'}},
}) }}
with outcomes as (
    select
        fact.report_version_id,
        fact.applicant_code,
        case when count(fact.value) = count(*) then sum(fact.value) end as sum_of_outcomes
    from {{ ref('fct_requests') }} as fact
    inner join {{ ref('dim_cell') }} as cell on cell.cell_code = fact.cell_code
    where cell.line_kind not in ('flow', 'total') and fact.state <> 'not_in_form'
    group by fact.report_version_id, fact.applicant_code
)

select
    outcomes.*,
    fact.value as outcome_total
from outcomes
inner join {{ ref('fct_requests') }} as fact
    on fact.report_version_id = outcomes.report_version_id and fact.applicant_code = outcomes.applicant_code
where fact.line_code = 'outcome_total' and outcomes.sum_of_outcomes <> fact.value
