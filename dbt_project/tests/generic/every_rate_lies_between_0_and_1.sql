{# Holds when each rate is NULL or between 0 and 1. #}
{% test every_rate_lies_between_0_and_1(model, rates) %}
select *
from {{ model }}
where {% for rate in rates %}{{ rate }} not between 0 and 1{{ ' or ' if not loop.last }}{% endfor %}
{% endtest %}
