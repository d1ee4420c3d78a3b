{{ config(meta={
    'description': '每个收到的文件不是报告就是拒收，二者必居其一。 Every document is either a report or refused, never neither, never both.',
    'dagster': {'ref': {'name': 'mart_report_status'}},
}) }}
select
    coalesce(documents.document_id, status.document_id) as document_id,
    count(status.subject_id) filter (where status.subject = 'report') as reports,
    count(status.subject_id) filter (where status.subject = 'document') as refusals
from {{ ref('stg_documents') }} as documents
full outer join {{ ref('mart_report_status') }} as status on status.document_id = documents.document_id
group by 1
having (reports = 0) = (refusals = 0) or count(documents.document_id) = 0
