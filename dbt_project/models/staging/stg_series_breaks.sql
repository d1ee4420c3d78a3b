select
    series_break,
    indicator,
    "day" as break_day,
    first_report_year,
    reason_zh,
    reason_en
from {{ source('lake', 'series_breaks') }}
