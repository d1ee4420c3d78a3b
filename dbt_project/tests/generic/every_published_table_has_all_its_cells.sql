{# Holds when a published table has a row for every cell of its edition: what is not printed is a NULL, not a gap. #}
{% test every_published_table_has_all_its_cells(model, table_code) %}
select states.report_version_id, cell.cell_code
from {{ ref('stg_table_states') }} as states
inner join {{ ref('stg_form_cells') }} as cell
    on cell.table_code = states.table_code and list_contains(string_split(cell.editions, ','), states.edition)
left join {{ model }} as fact
    on fact.report_version_id = states.report_version_id and fact.cell_code = cell.cell_code
where states.table_code = '{{ table_code }}' and states.state = 'published' and fact.cell_code is null
{% endtest %}
