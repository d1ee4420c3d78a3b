-- One row per report of which a table was published: the cells that indicators need, side by side. NULL where a cell has
-- no value or its table was not published.
-- depends_on: {{ ref('stg_form_cells') }}
{%- set places = places_of_indicator_cells() if execute else {} %}
select
    report_version_id,
    report_year_partition,
    cast(coalesce(max(reconstructed) filter (where table_code = 'requests'), 0) as integer) as requests_reconstructed
    {%- for cell in indicator_cells() %}
    {%- if execute and cell not in places -%}
        {{ exceptions.raise_compiler_error('no edition of the form has the cell ' ~ cell ~ ', which indicators need') }}
    {%- endif %},
    max(case
        {%- for one in places.get(cell, []) %}
        when table_code = '{{ one['table_code'] }}' and edition = '{{ one['edition'] }}' then figures[{{ one['place'] }}]
        {%- endfor %}
    end) as "{{ cell }}"
    {%- endfor %}
from {{ ref('form_figures') }}
where {{ is_rebuilt() }}
group by report_version_id, report_year_partition
