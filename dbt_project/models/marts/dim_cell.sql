-- The form itself: one row per cell, over all editions. Made from assets/form, never typed here.
select
    cell_code,
    form_order,
    table_code,
    table_zh,
    table_en,
    line_code,
    line_zh,
    line_en,
    line_kind,
    parent_line_code,
    column_code,
    column_zh,
    column_en,
    column_kind,
    article,
    number_kind,
    unit,
    is_leaf,
    editions,
    series_code,
    comparability
from {{ ref('stg_form_cells') }}
