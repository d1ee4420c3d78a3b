-- The rules that reports are judged by. Made from expectations/identities, never typed here.
select
    rule,
    rule_zh,
    rule_en,
    severity,
    scope,
    formula
from {{ ref('stg_form_rules') }}
