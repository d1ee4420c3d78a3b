-- The kinds of applicants: the columns of the requests table.
select
    column_code as applicant_code,
    any_value(column_zh) as applicant_zh,
    any_value(column_en) as applicant_en,
    case
        when column_code = 'total' then 'total'
        when column_code = 'natural_person' then 'natural_person'
        else 'organization'
    end as applicant_group,
    cast(row_number() over (order by min(form_order)) as integer) as applicant_order
from {{ ref('dim_cell') }}
where table_code = 'requests'
group by column_code
