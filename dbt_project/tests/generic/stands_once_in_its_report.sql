{#
  Holds when no two rows of a report agree in all of `columns`, and none of them is NULL: like one_row_per, for tables of
  millions of reports that have the same few hundred places each. Per report it keeps one bit a place, not every row.
#}
{% test stands_once_in_its_report(model, columns) %}
with places as (
    select {{ columns | join(', ') }}, row_number() over () as place
    from (select distinct {{ columns | join(', ') }} from {{ model }})
)

select
    found.report_version_id,
    count(*) as rows_of_report,
    coalesce(bit_count(bitstring_agg(places.place, 1, 2000)), 0) as places_of_report
from {{ model }} as found
left join places using ({{ columns | join(', ') }})
group by found.report_version_id
having rows_of_report <> places_of_report or found.report_version_id is null
{% endtest %}
