{#
  Sums that never take NULL for 0. Belongs here: arithmetic that several marts share. Does not: table names.
#}

{# The sum of `value` over the rows where `condition` is true; NULL if there is no such row or one of them is NULL. #}
{% macro complete_sum(condition, value='value') -%}
case
    when count(*) filter (where {{ condition }}) > 0
        and count(*) filter (where {{ condition }}) = count({{ value }}) filter (where {{ condition }})
    then sum({{ value }}) filter (where {{ condition }})
end
{%- endmacro %}

{# A rate with its two counts beside it; NULL where the denominator is 0 or a needed cell is NULL. #}
{% macro rate(name, numerator, denominator) -%}
cast({{ numerator }} as bigint) as {{ name }}_numerator,
    cast({{ denominator }} as bigint) as {{ name }}_denominator,
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0) as {{ name }}
{%- endmacro %}

{# For unit tests: given cells (report_version_id, cell_code, value) side by side, as the step organ_figures has them. #}
{% macro side_by_side(cells) -%}
select
    report_version_id
    {%- for cell in indicator_cells() %},
    "{{ cell }}"
    {%- endfor %}
from (
    select report_version_id, cell_code, value
    from {{ cells }}
    where cell_code in ('{{ indicator_cells() | join("', '") }}')
)
pivot (max(value) for cell_code in ('{{ indicator_cells() | join("', '") }}') group by report_version_id)
{%- endmacro %}
