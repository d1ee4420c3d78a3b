{{ config(meta={
    'description': '复议与诉讼：各项结果之和等于总计（L01）。 In each forum the results add up to the total.',
    'dagster': {'ref': {'name': 'fct_remedies'}},
}) }}
select
    report_version_id,
    forum_code,
    sum(value) filter (where result_code <> 'total') as sum_of_results,
    max(value) filter (where result_code = 'total') as total
from {{ ref('fct_remedies') }}
where state <> 'not_in_form'
group by report_version_id, forum_code
having count(value) = count(*) and sum_of_results <> total
