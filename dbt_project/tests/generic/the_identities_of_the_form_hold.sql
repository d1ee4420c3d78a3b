{#
  Holds when every identity of the registry is true in the facts, wherever all its cells have a value. The figures of a
  report come as a list in the order of the form, once; joining each with every identity it is in takes ten times as long.
  A table that lacks a cell or has one twice is not judged here: that breaks tests of its own.
#}
{% test the_identities_of_the_form_hold(model, table_code) %}
-- depends_on: {{ ref('stg_form_identities') }}
{%- set identities = identities_of(table_code) if execute else [] %}
with form as (
    select edition, count(*) as cells
    from (
        select unnest(string_split(editions, ',')) as edition
        from {{ ref('stg_form_cells') }}
        where table_code = '{{ table_code }}'
    )
    group by edition
),

printed as (
    select
        fact.report_version_id,
        list(cast(fact.value as decimal(38, 6)) order by cell.form_order) as figures
    from {{ model }} as fact
    inner join {{ ref('stg_form_cells') }} as cell on cell.cell_code = fact.cell_code
    group by fact.report_version_id
),

judged as (
    select
        printed.report_version_id,
        states.edition,
        concat_ws(
            '; '
            {%- for one in identities %},
            case when states.edition = '{{ one.edition }}' and not ({{ one.formula }}) then '{{ one.name }}' end
            {%- endfor %}
        ) as broken
    from printed
    inner join {{ ref('stg_table_states') }} as states
        on states.report_version_id = printed.report_version_id
        and states.table_code = '{{ table_code }}'
        and states.state = 'published'
    inner join form on form.edition = states.edition and form.cells = len(printed.figures)
)

select *
from judged
where broken <> ''
{% endtest %}
