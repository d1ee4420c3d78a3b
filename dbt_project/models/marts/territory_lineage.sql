-- Which territory became which. `day` is exact where somebody stated it, else that of the first list after the change.
select
    old_code,
    old_name,
    new_code,
    new_name,
    kind,
    "day" as changed_by,
    exact as day_is_exact,
    source
from {{ ref('territory_changes') }}
