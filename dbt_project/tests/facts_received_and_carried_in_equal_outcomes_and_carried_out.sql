{{ config(meta={
    'description': '各列：新收加结转等于总计加结转下年（R01）。 In every column received + carried in = outcomes + carried out.',
    'dagster': {'ref': {'name': 'fct_requests'}},
}) }}
with sides as (
    select
        report_version_id,
        applicant_code,
        max(value) filter (where line_code = 'received') + max(value) filter (where line_code = 'carried_in') as came_in,
        max(value) filter (where line_code = 'outcome_total')
        + max(value) filter (where line_code = 'carried_out') as went_out
    from {{ ref('fct_requests') }}
    group by report_version_id, applicant_code
)

select *
from sides
where came_in <> went_out
