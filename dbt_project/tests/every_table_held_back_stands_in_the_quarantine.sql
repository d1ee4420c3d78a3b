{{ config(meta={
    'description': '每张被隔离的表在 mart_quarantine 中恰有一行。 Every table held back stands in the quarantine, once.',
    'dagster': {'ref': {'name': 'mart_quarantine'}},
}) }}
select coalesce(states.report_version_id, held.report_version_id) as report_version_id, held.table_code
from (select * from {{ ref('stg_table_states') }} where state = 'quarantined') as states
full outer join {{ ref('mart_quarantine') }} as held
    on held.report_version_id = states.report_version_id and held.table_code = states.table_code
where states.report_version_id is null or held.held_table_id is null
