{{ config(meta={
    'description': '各项办理结果之和等于总计。 The outcomes of an organ add up to its total.',
    'dagster': {'ref': {'name': 'mart_outcomes_long'}},
}) }}
select report_version_id, sum(requests) as outcomes, any_value(outcome_total) as outcome_total, count(*) as lines
from {{ ref('mart_outcomes_long') }}
group by report_version_id
having count(*) <> 19 or (count(requests) = 19 and sum(requests) <> any_value(outcome_total))
