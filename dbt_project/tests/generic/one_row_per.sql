{# Holds when no two rows agree in all of `columns`, and none of them is NULL. #}
{% test one_row_per(model, columns) %}
select {{ columns | join(', ') }}, count(*) as rows_with_this_key
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
    {% for column in columns %}or {{ column }} is null {% endfor %}
{% endtest %}
