-- One row per report version. The report's status is derived from its three tables, never stored twice.
with tables_of_report as (
    select
        report_version_id,
        count(*) filter (where state = 'published') as tables_published,
        count(*) filter (where state = 'quarantined') as tables_quarantined,
        count(*) filter (where state = 'missing') as tables_missing
    from {{ ref('stg_table_states') }}
    group by report_version_id
)

select
    -- ids
    report.report_version_id,
    report.document_id,
    document.file_name,
    document.first_seen,
    -- whose report, which year
    report.organ_name,
    organ.organ_id,
    organ.territory_code,
    organ.town_code,
    organ.organ_type,
    organ.scope,
    organ.state as organ_state,
    organ.reason_zh as organ_reason_zh,
    organ.reason_en as organ_reason_en,
    report.report_year,
    report.title,
    report.period_start,
    report.period_end,
    report.signed_date,
    report.published_date,
    report.index_number,
    report.document_number,
    report.police_filing,
    report.icp_filing,
    report.website_code,
    -- which form
    report.edition_proactive_disclosure,
    report.edition_requests,
    report.edition_reconsideration_litigation,
    report.form,
    -- what became of it
    case
        when tables.tables_published = 3 then 'published'
        when tables.tables_published > 0 then 'partly_published'
        else 'quarantined'
    end as status,
    cast(coalesce(tables.tables_published, 0) as integer) as tables_published,
    cast(coalesce(tables.tables_quarantined, 0) as integer) as tables_quarantined,
    cast(coalesce(tables.tables_missing, 0) as integer) as tables_missing,
    -- how we know
    parsed.parser_version,
    report.normalizer_version,
    report.report_year_partition
from {{ ref('stg_reports') }} as report
left join tables_of_report as tables on tables.report_version_id = report.report_version_id
left join {{ ref('stg_organs') }} as organ on organ.report_version_id = report.report_version_id
left join {{ ref('stg_documents') }} as document on document.document_id = report.document_id
left join {{ ref('stg_parsed_documents') }} as parsed on parsed.document_id = report.document_id
where {{ is_rebuilt('report.report_year_partition') }}
