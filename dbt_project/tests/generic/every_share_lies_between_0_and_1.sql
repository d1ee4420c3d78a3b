{# Holds when each rate whose numerator is part of its denominator is NULL or between 0 and 1. #}
{% test every_share_lies_between_0_and_1(model) %}
select *
from {{ model }}
where {% for indicator in indicators() if indicator.whole -%}
    {{ indicator.code }} not between 0 and 1{{ ' or ' if not loop.last }}
{%- endfor %}
{% endtest %}
