{# Holds when every identity of the registry is true in the facts, wherever all its cells have a value. #}
{% test the_identities_of_the_form_hold(model, table_code) %}
with sides as (
    select
        states.report_version_id,
        identity.rule,
        identity.scope,
        any_value(identity.relation) as relation,
        count(*) as cells,
        count(fact.value) as figures,
        coalesce(sum(fact.value) filter (where identity.side = 'left'), 0) as left_sum,
        coalesce(sum(fact.value) filter (where identity.side = 'right'), 0) as right_sum
    from {{ ref('stg_table_states') }} as states
    inner join {{ ref('stg_form_identities') }} as identity
        on identity.table_code = states.table_code and identity.edition = states.edition
    left join {{ model }} as fact
        on fact.report_version_id = states.report_version_id and fact.cell_code = identity.cell_code
    where states.table_code = '{{ table_code }}' and states.state = 'published'
    group by states.report_version_id, identity.rule, identity.scope
)

select *
from sides
where cells = figures and not case relation
    when 'equal' then left_sum = right_sum
    when 'at_most' then left_sum <= right_sum
    when 'at_least' then left_sum >= right_sum
end
{% endtest %}
