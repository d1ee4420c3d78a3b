-- The indicators of mart_organ_year with their formulas. Made from assets/marts/indicators.yaml, never typed here.
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
from {{ ref('stg_indicators') }}
