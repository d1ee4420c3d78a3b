{# Holds when every cell that counts cases, documents or items (not money) is a whole number. #}
{% test counts_are_whole_numbers(model) %}
select fact.report_version_id, fact.cell_code, fact.value
from {{ model }} as fact
inner join {{ ref('stg_form_cells') }} as cell on cell.cell_code = fact.cell_code
where cell.number_kind <> 'money' and fact.value <> floor(fact.value)
{% endtest %}
