{{ config(meta={
    'description': '各行：六类申请人之和等于总计（R03）。 In every line the six applicants add up to the total.',
    'dagster': {'ref': {'name': 'fct_requests'}},
}) }}
select
    report_version_id,
    line_code,
    sum(value) filter (where applicant_code <> 'total') as sum_of_applicants,
    max(value) filter (where applicant_code = 'total') as total
from {{ ref('fct_requests') }}
where state <> 'not_in_form'
group by report_version_id, line_code
having count(value) = count(*) and sum_of_applicants <> total
