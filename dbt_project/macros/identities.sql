{#
  The identities of the form as SQL. Belongs here: which figures of a table each one adds up. Does not: the identities
  themselves (expectations/identities, which the lake's form_identities is made from).
#}

{# The identities of a table: edition, name, and a formula over `figures`, the list of its values in the form's order. #}
{% macro identities_of(table_code) -%}
{%- set signs = {'equal': '=', 'at_most': '<=', 'at_least': '>='} -%}
{%- set found = run_query("
    with places as (
        select edition, cell_code, row_number() over (partition by edition order by form_order) as place
        from (
            select unnest(string_split(editions, ',')) as edition, cell_code, form_order
            from " ~ ref('stg_form_cells') ~ "
            where table_code = '" ~ table_code ~ "'
        )
    )

    select
        edition,
        identity.rule || ' ' || identity.scope as name,
        any_value(identity.relation) as relation,
        string_agg('figures[' || places.place || ']', ' + ') filter (where identity.side = 'left') as left_sum,
        string_agg('figures[' || places.place || ']', ' + ') filter (where identity.side = 'right') as right_sum
    from " ~ ref('stg_form_identities') ~ " as identity
    inner join places using (edition, cell_code)
    where identity.table_code = '" ~ table_code ~ "'
    group by edition, identity.rule, identity.scope
    order by all
") -%}
{%- set identities = [] -%}
{%- for row in found.rows -%}
    {%- do identities.append({
        'edition': row['edition'], 'name': row['name'],
        'formula': (row['left_sum'] or '0') ~ ' ' ~ signs[row['relation']] ~ ' ' ~ (row['right_sum'] or '0'),
    }) -%}
{%- endfor -%}
{{ return(identities) }}
{%- endmacro %}
