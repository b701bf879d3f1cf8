-- The newest entries of the audit. $1 limit int8, $2 actor text, $3 about text[] (any of them), $4 organization text,
-- $5 not before timestamptz, $6 action text; null: all.
-- Rows: id, at, actor, action, organization (may be null), details, about text[], why (may be null), command (may be null)
select id, at, actor, action, organization, details, about, why, command from operations.audit
where ($2::text is null or actor = $2::text) and ($3::text[] is null or about && $3::text[])
  and ($4::text is null or organization = $4::text) and ($5::timestamptz is null or at >= $5::timestamptz)
  and ($6::text is null or action = $6::text)
order by id desc limit $1::int8
