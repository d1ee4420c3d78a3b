-- Every column of every published table, from dbt's own manifest: what stands in the .yml beside each model.
{% set models = [] %}
{% if execute -%}
    {% for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | sort(attribute='name')
        if 'mart' in node.tags -%}
        {% do models.append(node) %}
    {%- endfor %}
{%- endif %}
with described as (
    {% for node in models -%}
    {% for column in node.columns.values() -%}
    select
        '{{ node.name }}' as table_name,
        '{{ column.name }}' as column_name,
        cast({{ loop.index }} as integer) as column_order,
        '{{ column.data_type }}' as data_type,
        '{{ node.description | replace("'", "''") }}' as of_table,
        '{{ column.description | replace("'", "''") }}' as of_column
    {{ 'union all' }}
    {% endfor %}
    {%- endfor %}
    select null, null, null, null, null, null
    where false
)

select
    described.table_name,
    described.column_name,
    described.column_order,
    described.data_type,
    split_part(described.of_column, '。 ', 1) || '。' as description_zh,
    nullif(split_part(described.of_column, '。 ', 2), '') as description_en,
    split_part(described.of_table, '。 ', 1) || '。' as table_zh,
    nullif(split_part(described.of_table, '。 ', 2), '') as table_en,
    indicator.numerator,
    indicator.denominator
from described
left join {{ ref('stg_indicators') }} as indicator on indicator.indicator = described.column_name
