-- The newest entries of the audit. $1 limit int8. Rows: id, at, actor, action, organization (may be null), details
select id, at, actor, action, organization, details from operations.audit order by id desc limit $1::int8
