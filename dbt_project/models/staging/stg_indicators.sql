select
    indicator,
    indicator_order,
    indicator_zh,
    indicator_en,
    kind,
    helps,
    numerator,
    denominator,
    applicants,
    cells
from {{ source('lake', 'indicators') }}
