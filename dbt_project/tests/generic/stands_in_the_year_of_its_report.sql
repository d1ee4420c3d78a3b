{# Holds when every row belongs to a report of its own partition: no report has rows in two years, none is without report. #}
{% test stands_in_the_year_of_its_report(model) %}
select rows_of.report_version_id, rows_of.report_year_partition
from (select distinct report_version_id, report_year_partition from {{ model }}) as rows_of
anti join {{ ref('stg_reports') }} as report
    on report.report_version_id = rows_of.report_version_id
    and report.report_year_partition = rows_of.report_year_partition
{% endtest %}
