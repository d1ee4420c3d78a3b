{# Holds when every fact belongs to a table that the gate published. #}
{% test no_fact_from_a_quarantined_table(model, table_code) %}
select fact.report_version_id, fact.cell_code, states.state
from {{ model }} as fact
left join {{ ref('stg_table_states') }} as states
    on states.report_version_id = fact.report_version_id and states.table_code = '{{ table_code }}'
where states.state is distinct from 'published'
{% endtest %}
