{#
  The figures of a table in the order of the form, and its identities over them, as SQL. Belongs here: which figures of a
  table each one adds up. Does not: the identities themselves (expectations/identities, which the lake's form_identities is
  made from).
#}

{# Where each cell of an edition stands among the figures of its table: edition, table_code, cell_code, place, cells. #}
{% macro places_in_form() -%}
select
    edition,
    table_code,
    cell_code,
    row_number() over (partition by edition, table_code order by form_order) as place,
    count(*) over (partition by edition, table_code) as cells
from (
    select unnest(string_split(editions, ',')) as edition, table_code, cell_code, form_order
    from {{ ref('stg_form_cells') }}
)
{%- endmacro %}

{# Of each cell that indicators need, where it stands in each edition: cell code → rows of edition, table_code, place. #}
{% macro places_of_indicator_cells() -%}
{%- set found = run_query(
    "select * from (" ~ places_in_form() ~ ") where cell_code in ('" ~ indicator_cells() | join("', '") ~ "') order by all"
) -%}
{%- set places = {} -%}
{%- for row in found.rows -%}
    {%- do places.setdefault(row['cell_code'], []).append(row) -%}
{%- endfor -%}
{{ return(places) }}
{%- endmacro %}

{# The identities of a table: edition, name, and a formula over `figures`, the list of its values in the form's order. #}
{% macro identities_of(table_code) -%}
{%- set signs = {'equal': '=', 'at_most': '<=', 'at_least': '>='} -%}
{%- set found = run_query("
    with places as (" ~ places_in_form() ~ ")

    select
        edition,
        identity.rule || ' ' || identity.scope as name,
        any_value(identity.relation) as relation,
        string_agg('figures[' || places.place || ']', ' + ') filter (where identity.side = 'left') as left_sum,
        string_agg('figures[' || places.place || ']', ' + ') filter (where identity.side = 'right') as right_sum
    from " ~ ref('stg_form_identities') ~ " as identity
    inner join places using (edition, table_code, cell_code)
    where table_code = '" ~ table_code ~ "'
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
