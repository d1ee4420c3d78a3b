-- From which report year on an indicator no longer measures the same. Made from assets/marts/indicators.yaml.
select
    series_break,
    indicator,
    break_day,
    first_report_year,
    reason_zh,
    reason_en
from {{ ref('stg_series_breaks') }}
