{#
  Building anew only the report years whose lake files changed. Belongs here: which years those are, how they replace
  what stands in a table, and that tests of such tables look at these years. Does not: deciding which (assets/marts/changes.py).
#}

{# The partitions to build anew, as a list; none where everything is to be built. #}
{% macro rebuilt_years() -%}
{%- set named = env_var('GONGKAI_REBUILT_YEARS', 'all') if execute else 'all' -%}
{{ return(none if named == 'all' else named.split(',') | select | list) }}
{%- endmacro %}

{# The condition under which a row belongs to what is built anew. In a build of everything it is always true, and marked:
   by_year puts one year after the other in its place. #}
{% macro is_rebuilt(column='report_year_partition') -%}
{%- set years = rebuilt_years() -%}
{%- if years is none -%} true /* year of {{ column }} */
{%- elif years -%} {{ column }} in ('{{ years | join("', '") }}')
{%- else -%} false
{%- endif -%}
{%- endmacro %}

{# All partitions of the lake, where they are named; a build of everything goes through them one by one in the tables that
   are tagged by_year: those of the nation's cells do not fit into the memory of a small machine at once. #}
{% macro all_years() -%}
{{ return(env_var('GONGKAI_ALL_YEARS', '').split(',') | select | list) }}
{%- endmacro %}

{# A query of a build of everything, narrowed to some years. #}
{% macro of_year(sql, condition) -%}
{{ return(modules.re.sub('true /\\* year of ([\\w.]+) \\*/', '\\1 ' ~ condition, sql)) }}
{%- endmacro %}

{#
  A table with the column report_year_partition whose query says is_rebuilt(): in one transaction the rows of these years
  are deleted and inserted. dbt-duckdb's own delete+insert joins the table with a temporary copy of the new rows: each
  row of a year with each, and it leaves the rows of a year that has none any more.
#}
{% materialization by_year, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- set years = rebuilt_years() -%}
    {%- set apart = all_years() if 'by_year' in config.get('tags', []) else [] -%}
    {%- if years is not none and existing is none -%}
        {{ exceptions.raise_compiler_error(this ~ " does not exist, and only some years are to be built: build all") }}
    {%- endif -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') -%}
        {% if years is none -%}
            {%- set rest = "not in ('" ~ apart | join("', '") ~ "')" %}
            drop table if exists {{ target }};
            {{ create_table_as(False, target, of_year(compiled_code, rest) if apart else compiled_code) }}
        {%- else -%}
            delete from {{ target }} where {{ is_rebuilt() }};
            insert into {{ target }} by name ({{ compiled_code }});
        {%- endif %}
    {%- endcall %}
    {%- for year in apart if years is none -%}
        {% call statement() -%}
            insert into {{ target }} by name ({{ of_year(compiled_code, "= '" ~ year ~ "'") }});
        {%- endcall %}
    {%- endfor %}
    {% do persist_docs(target, model) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#
  What a generic test looks at: of models tagged by_year the years built anew. The others were tested when they were
  built, and neither their rows nor the project has changed since.
#}
{% macro duckdb__get_where_subquery(relation) -%}
{%- set found = [] -%}
{%- if execute and rebuilt_years() is not none -%}
    {%- for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model')
        if node.alias == relation.identifier and 'by_year' in node.tags -%}
        {%- do found.append(node) -%}
    {%- endfor -%}
{%- endif -%}
{%- if found -%}
    {{ return('(select * from ' ~ relation ~ ' where ' ~ is_rebuilt() ~ ')') }}
{%- else -%}
    {{ return(default__get_where_subquery(relation)) }}
{%- endif -%}
{%- endmacro %}
