{{ config(meta={
    'description': '未发布的表没有任何数字进入 mart_organ_year。 No figure of a table that is not published stands in an organ year.',
    'dagster': {'ref': {'name': 'mart_organ_year'}},
}) }}
select report_version_id, requests_state, remedies_state, proactive_disclosure_state
from {{ ref('mart_organ_year') }}
where (requests_state <> 'published' and (
        coalesce(received, carried_in, outcome_total, carried_out, workload) is not null
        or coalesce(disclosure_rate_numerator, denial_rate_numerator, dispute_rate_denominator) is not null
    ))
    or (remedies_state <> 'published' and coalesce(reconsideration_rate_numerator, litigation_loss_rate_denominator)
        is not null)
    or (proactive_disclosure_state <> 'published' and document_turnover_numerator is not null)
