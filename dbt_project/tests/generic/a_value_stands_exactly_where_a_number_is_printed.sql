{# Holds when a cell has a value if and only if its state is `reported` or `reconstructed`: NULL is never 0, and 0 is never made up. #}
{% test a_value_stands_exactly_where_a_number_is_printed(model) %}
select report_version_id, cell_code, state, value
from {{ model }}
where (value is not null) <> coalesce(state in ('reported', 'reconstructed'), false)
{% endtest %}
