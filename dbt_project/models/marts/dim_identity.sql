-- The identities that a published table satisfies: one row per rule, edition, place, side and cell. Never typed here.
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
from {{ ref('stg_form_identities') }}
