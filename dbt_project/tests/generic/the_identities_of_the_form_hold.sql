{#
  Holds when every identity of the registry is true in the facts, wherever all its cells have a value. The model has the
  figures of a report in the order of the form as a list; joining each cell with every identity it is in takes ten times
  as long. A table that lacks a cell or has one twice is not judged here: that breaks tests of its own.
#}
{% test the_identities_of_the_form_hold(model, table_code) %}
-- depends_on: {{ ref('stg_form_identities') }} {{ ref('stg_form_cells') }}
{%- set identities = identities_of(table_code) if execute else [] %}
with judged as (
    select
        report_version_id,
        edition,
        concat_ws(
            '; '
            {%- for one in identities %},
            case when edition = '{{ one.edition }}' and not ({{ one.formula }}) then '{{ one.name }}' end
            {%- endfor %}
        ) as broken
    from {{ model }}
    where table_code = '{{ table_code }}' and edition is not null
)

select *
from judged
where broken <> ''
{% endtest %}
