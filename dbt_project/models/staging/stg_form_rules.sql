select
    rule,
    rule_zh,
    rule_en,
    severity,
    scope,
    formula
from {{ source('lake', 'form_rules') }}
