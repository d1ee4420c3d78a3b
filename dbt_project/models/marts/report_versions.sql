-- One report = organ + year + scope. Its documents in the order in which they came to be: by the day they were received,
-- then by the date they state, then by the moment of receipt. A document whose figures or prose differ from those of the
-- one before is a new version; one that repeats them is a copy. A report whose organ or year is not certain stands alone.
with reports as (
    select
        report_version_id,
        organ_id || '-' || report_year || '-' || scope as report_id,
        first_seen as received_at,
        coalesce(published_date, signed_date) as report_date,
        tables_published
    from {{ ref('dim_report') }}
),

several as (
    select report_id
    from reports
    where report_id is not null
    group by report_id
    having count(*) > 1
),

to_compare as (
    select reports.report_version_id
    from reports
    inner join several on several.report_id = reports.report_id
),

-- sums of hashes: the order of cells does not matter
figures as (
    select to_compare.report_version_id, sum(cast(hash(cell.cell_code, cell.value) as hugeint)) as content
    from to_compare
    inner join {{ ref('stg_all_cells') }} as cell on cell.report_version_id = to_compare.report_version_id
    group by to_compare.report_version_id
),

prose as (
    select to_compare.report_version_id, sum(cast(hash(part.section, part.words) as hugeint)) as content
    from to_compare
    inner join {{ ref('stg_section_texts') }} as part on part.report_version_id = to_compare.report_version_id
    group by to_compare.report_version_id
),

in_order as (
    select
        reports.*,
        coalesce(reports.report_id, reports.report_version_id) as own_id,
        row_number() over (
            partition by coalesce(reports.report_id, reports.report_version_id)
            order by
                date_trunc('day', reports.received_at) nulls first,
                reports.report_date nulls first,
                reports.received_at,
                reports.report_version_id
        ) as document_number,
        figures.content as figures,
        prose.content as prose
    from reports
    left join figures on figures.report_version_id = reports.report_version_id
    left join prose on prose.report_version_id = reports.report_version_id
),

compared as (
    select
        *,
        document_number = 1
            or figures is distinct from lag(figures) over (partition by own_id order by document_number)
            or prose is distinct from lag(prose) over (partition by own_id order by document_number) as is_new
    from in_order
),

numbered as (
    select
        *,
        cast(sum(cast(is_new as integer)) over (partition by own_id order by document_number) as integer)
            as version_number
    from compared
),

-- of copies the best read stands for the version, then the first received
ranked as (
    select
        *,
        max(version_number) over (partition by own_id) as version_count,
        coalesce(
            max(version_number) filter (where tables_published > 0) over (partition by own_id),
            max(version_number) over (partition by own_id)
        ) as current_version,
        cast(row_number() over (
            partition by own_id, version_number order by tables_published desc, document_number
        ) as integer) as copy_number
    from numbered
)

select
    report_version_id,
    report_id,
    version_number,
    version_count,
    copy_number,
    received_at,
    report_date,
    tables_published > 0 as is_accepted,
    copy_number = 1 and version_number = current_version as is_current
from ranked
