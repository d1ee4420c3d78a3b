select
    deadline_kind,
    "month" as deadline_month,
    "day" as deadline_day,
    last_report_year,
    basis_zh,
    basis_en
from {{ source('lake', 'deadlines') }}
