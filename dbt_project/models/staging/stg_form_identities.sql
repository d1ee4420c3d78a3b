select
    rule,
    rule_zh,
    rule_en,
    formula,
    table_code,
    edition,
    scope,
    relation,
    side,
    cell_code
from {{ source('lake', 'form_identities') }}
